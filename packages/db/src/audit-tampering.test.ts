import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";

import { auditEvent } from "./contract/audit.ts";
import {
  contentOf,
  freshDatabase,
  open,
  openTwoEnds,
  removeDatabasesAfterAll,
} from "./move/testing/two-ends.ts";
import { openStore } from "./open-store.ts";
import { runOn } from "./testing/index.ts";

removeDatabasesAfterAll();

const REWRITE = "UPDATE audit_events SET actor = 'system'";
const TAMPERING = {
  SQLite: [
    REWRITE,
    "UPDATE audit_events SET at = 0 WHERE id = 'a'",
    "DELETE FROM audit_events",
    "DELETE FROM audit_events WHERE id = 'a'",
    "INSERT OR REPLACE INTO audit_events SELECT id, 0, 'forged', actor, user_id, subject_id, request_id, client_network, detail FROM audit_events",
    "INSERT INTO audit_events SELECT * FROM audit_events WHERE true ON CONFLICT (id) DO UPDATE SET kind = 'forged'",
  ],
  Postgres: [
    REWRITE,
    "UPDATE audit_events SET at = now() - interval '2 years' WHERE id = 'a'",
    "DELETE FROM audit_events",
    "DELETE FROM audit_events WHERE id = 'a'",
    "TRUNCATE audit_events",
    "INSERT INTO audit_events SELECT * FROM audit_events ON CONFLICT (id) DO UPDATE SET kind = 'forged'",
  ],
} as const;

async function execute(address: string, statement: string): Promise<void> {
  if (address.startsWith("file:")) {
    const sqlite = new Database(address.slice("file:".length));
    try {
      sqlite.exec(statement);
    } finally {
      sqlite.close();
    }
  } else await runOn(address, statement);
}

describe.each(["SQLite", "Postgres"] as const)("the audit in %s", (engine) => {
  it("OB-03 stays as it was written, whoever has the database in hand", async () => {
    const address = await freshDatabase(engine);
    await using store = await openStore(address);
    const events = [auditEvent("b", { at: new Date() }), auditEvent("a", { at: new Date() })];
    await store.appendAuditEvents(events);
    const read = () => store.listAuditEvents({ userId: null, before: null, limit: 9 });
    const before = await read();
    let refused = 0;
    for (const statement of TAMPERING[engine]) {
      await execute(address, statement).catch(() => (refused += 1));
      expect(await read(), statement).toEqual(before);
    }
    // SQLite's REPLACE and its upsert are let through without effect.
    expect(refused).toBe(engine === "SQLite" ? 4 : 6);
  });

  it("lets go of what is older than a year", async () => {
    const address = await freshDatabase(engine);
    await using store = await openStore(address);
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    await store.appendAuditEvents([
      auditEvent("old", { at: daysAgo(366) }),
      auditEvent("young", { at: daysAgo(364) }),
    ]);
    await execute(address, "DELETE FROM audit_events WHERE id = 'old'");
    await expect(execute(address, "DELETE FROM audit_events WHERE id = 'young'")).rejects.toThrow(
      "perennial_append_only",
    );
    expect(await store.listAuditEvents({ userId: null, before: null, limit: 9 })).toHaveLength(1);
  });

  it("moves house with what is there, and takes nothing away that the new house knows", async () => {
    await using ends = await openTwoEnds([engine, engine === "SQLite" ? "Postgres" : "SQLite"], 8);
    const address = ends.addresses.target;
    {
      await using store = await openStore(address);
      await store.appendAuditEvents([auditEvent("aud_of_target", { at: new Date() })]);
    }
    const [atSource, atTarget] = [await contentOf(ends.source), await contentOf(ends.target)];
    expect(await ends.move()).toMatchObject({ tables: { auditEvents: { rows: 2, written: 2, deleted: 0 } } });
    await using target = await open(address);
    const { auditEvents } = await contentOf(target);
    expect(auditEvents).toHaveLength(3);
    expect(auditEvents).toEqual(
      expect.arrayContaining([...(atSource["auditEvents"] ?? []), ...(atTarget["auditEvents"] ?? [])]),
    );
  });
});
