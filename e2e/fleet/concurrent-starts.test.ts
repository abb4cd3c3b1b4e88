import { runOn } from "@perennial/db/testing";
import { createTestDatabase } from "@perennial/db/testing/vitest";
import { openTestWorld, startAppProcess } from "@perennial/runtime/testing";
import path from "node:path";
import { expect, it } from "vitest";

const PROCESSES = 8;

it.each(["sqlite", "postgres"] as const)(
  `MG-01 ${PROCESSES} processes that start at once on an empty database migrate it once: %s`,
  { timeout: 60_000 },
  async (engine) => {
    await using stack = new AsyncDisposableStack();
    const world = stack.use(await openTestWorld());
    const database = engine === "postgres" ? stack.use(await createTestDatabase()) : null;
    const databaseUrl = database?.url ?? `file:${path.join(world.folder, "fresh.db")}`;
    const starts = Array.from({ length: PROCESSES }, () =>
      stack.use(startAppProcess("worker", { ...world.environment, DATABASE_URL: databaseUrl }, ["--once"])),
    );
    const ends = await Promise.all(starts.map(({ exited }) => exited));
    expect(
      ends.map(({ code }) => code),
      starts.flatMap(({ lines }) => lines).join("\n"),
    ).toEqual(Array.from({ length: PROCESSES }, () => 0));
    if (database === null) return;
    const journal = await runOn(
      database.url,
      "SELECT hash, count(*) FROM __drizzle_migrations GROUP BY hash HAVING count(*) > 1",
    );
    expect(journal).toEqual([]);
  },
);
