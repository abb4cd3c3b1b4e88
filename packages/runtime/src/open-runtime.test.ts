import { createTestDatabase } from "@perennial/db/testing/vitest";
import { describe, expect, it } from "vitest";

import { readConfig } from "./config.ts";
import { openLog } from "./log.ts";
import { openRuntime } from "./open-runtime.ts";
import { soundProductionEnvironment } from "./testing/environments.ts";

describe("a runtime on Postgres", () => {
  it("OB-05 is ready once migrated, knows its keys again, and is not when the database is gone", async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = openLog({ name: "test", level: "trace", destination });
    const database = await createTestDatabase();
    const config = readConfig({ ...soundProductionEnvironment(), DATABASE_URL: database.url });
    for (let start = 0; start < 2; start += 1) {
      await using runtime = await openRuntime(config, { name: "test", log });
      await runtime.checkReady();
      expect(await runtime.prune()).toBe(0);
      expect(await runtime.connections.page({ after: null, limit: 10 })).toEqual([]);
    }

    await using runtime = await openRuntime(config, { name: "test", log });
    await database[Symbol.asyncDispose]();
    await expect(runtime.checkReady()).rejects.toMatchObject({ name: "StoreError", code: "unavailable" });
    log.error({
      err: await runtime.checkReady().catch((error: unknown) => error),
      databaseUrl: database.url,
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("")).not.toContain(new URL(database.url).password);
  });
});
