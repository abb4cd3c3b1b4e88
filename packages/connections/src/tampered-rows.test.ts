import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { furnish } from "@perennial/db/testing";
import { afterAll, describe, expect, it } from "vitest";

import type { Connections } from "./create-connections.ts";
import { openTestKeeper } from "./testing/keeper.ts";
import { createTokenSeal } from "./token-seal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "perennial-tampered-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SEED = 8;
/** 2,000 in the long form (docs/security.md). */
const TAMPERED = Number(process.env["TAMPERED_ROWS"] ?? 300);
/** Three of five hold a living token. */
const CONNECTIONS = Math.ceil(TAMPERED * 1.8);
const KEYS = ["k1", "k2"].map((id) => ({ id, key: randomBytes(32) }));
const seal = createTokenSeal(KEYS);
const tokenOf = (connectionId: string): string => `SIMTOK_${connectionId}_of-nobody-else`;

type Row = { id: string; sealed: string };

/** What somebody with the database, and without the keys, might do to a sealed token. */
const TRICKS: readonly ((own: Row, other: Row, at: number) => string)[] = [
  (_, other) => other.sealed, // another person's token in this row
  ({ sealed }, _, at) => flipped(sealed, at),
  ({ sealed }) => withBody(sealed, (body) => body.subarray(0, body.length - 12)), // a tag of four bytes
  ({ sealed }) => withBody(sealed, (body) => body.subarray(0, body.length - 1)),
  ({ sealed }) => sealed.replace(".k1.", ".k2."),
  ({ sealed }) => sealed.replace(".k1.", ".gone."),
  ({ sealed }) => sealed.replace(/^v1\./, "v0."),
  ({ id }) => tokenOf(id), // in the clear
  ({ sealed }, { sealed: another }) => `${sealed.split(".").slice(0, 3).join(".")}.${another.split(".")[3]}`,
  () => "",
];

function withBody(sealed: string, change: (body: Buffer) => Buffer): string {
  const [format, id, nonce, body = ""] = sealed.split(".");
  return [format, id, nonce, change(Buffer.from(body, "base64url")).toString("base64url")].join(".");
}

function flipped(sealed: string, at: number): string {
  return withBody(sealed, (body) => {
    const changed = Buffer.from(body);
    const index = at % changed.length;
    changed[index] = (changed[index] ?? 0) ^ (1 << (at % 8));
    return changed;
  });
}

describe("a database that somebody wrote in", () => {
  it(`TS-02 TS-03 TS-08 hands out no wrong token for ${TAMPERED} tampered rows, flags each, and serves all others (seed ${SEED})`, async () => {
    const file = path.join(folder, "perennial.db");
    await furnish(`file:${file}`, {
      connections: CONNECTIONS,
      seed: SEED,
      sealFor: (connectionId, flavour) => seal.seal(tokenOf(connectionId), { connectionId, flavour }),
    });
    await using keeper = await openTestKeeper({
      databaseUrl: `file:${file}`,
      change: () => ({ seal, now: () => new Date("2026-02-01T00:00:00Z") }),
    });
    const { connections } = keeper;
    const handedOut = async (connectionId: string): Promise<string> => {
      try {
        return (await connections.handOut({ connectionId, trigger: "api" })).accessToken;
      } catch (error) {
        return `refused: ${error instanceof Error && "code" in error ? String(error.code) : String(error)}`;
      }
    };

    using database = new DatabaseSync(file);
    const rows = database
      .prepare("SELECT id, sealed_token AS sealed FROM connections WHERE status = 'active' ORDER BY id")
      .all() as Row[];
    const served: Row[] = [];
    for (const row of rows) if ((await handedOut(row.id)) === tokenOf(row.id)) served.push(row);
    expect(served.length).toBeGreaterThan(TAMPERED);

    const askedBefore = keeper.sim.ledger().length;
    const tampered = new Map<string, string>();
    const write = database.prepare(
      "UPDATE connections SET sealed_token = ?, previous_sealed_token = NULL WHERE id = ?",
    );
    database.exec("BEGIN");
    for (const [index, row] of served.slice(0, TAMPERED).entries()) {
      const trick = TRICKS[index % TRICKS.length];
      const other = served[(index + 1) % served.length] ?? row;
      const text = trick?.(row, other, index * 31 + SEED) ?? "";
      tampered.set(row.id, text);
      write.run(text, row.id);
    }
    database.exec("COMMIT");
    expect(tampered.size).toBe(TAMPERED);

    const answers = new Map<string, number>();
    for (const { id } of served) {
      const answer = await handedOut(id);
      const kind = answer === tokenOf(id) ? "its own token" : answer;
      answers.set(`${tampered.has(id) ? "tampered" : "untouched"}: ${kind}`, (answers.get(kind) ?? 0) + 1);
    }
    expect(new Set(answers.keys())).toEqual(
      new Set(["tampered: refused: token_unreadable", "untouched: its own token"]),
    );

    // Many at a time: their writes share commits.
    const waiting = [...tampered.keys()];
    for (let batch = waiting.splice(0, 250); batch.length > 0; batch = waiting.splice(0, 250))
      await Promise.all(
        batch.map((connectionId) =>
          connections.refresh({ connectionId, trigger: "cli", userId: null, force: true }),
        ),
      );
    const flagged = await flaggedOf(connections);
    expect([...tampered.keys()].filter((id) => !flagged.has(id))).toEqual([]);
    expect(served.slice(TAMPERED).filter(({ id }) => flagged.has(id))).toEqual([]);
    expect(keeper.sim.ledger().slice(askedBefore)).toEqual([]); // nothing of it was sent to anybody
    // What does not open is left as it is: whoever has the right key may still open it.
    const kept = database.prepare("SELECT sealed_token AS sealed FROM connections WHERE id = ?");
    for (const [id, text] of tampered) expect(kept.get(id)).toEqual({ sealed: text });
  }, 60_000);
});

/** The connections that are shown with a token that does not open. */
async function flaggedOf(connections: Connections): Promise<Set<string>> {
  const views = await connections.page({ after: null, limit: CONNECTIONS });
  return new Set(views.filter(({ problem }) => problem?.code === "token_unreadable").map(({ id }) => id));
}
