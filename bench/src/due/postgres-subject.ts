import { openExplainingStore, type PlanNode } from "@perennial/db/testing";

import { fillPostgres } from "../lib/fill-postgres.ts";
import { FILLED_AT, type Filling } from "../lib/stored-connections.ts";
import { CLAIM_DUE, timeClaim, type Subject } from "./subject.ts";

/** Fills a database on a server and opens it. */
export async function openPostgresSubject(serverUrl: string, filling: Filling): Promise<Subject> {
  const url = await fillPostgres(serverUrl, filling);
  const { store, client, explain, ...rest } = await openExplainingStore(url);
  const subject: Subject = {
    engine: "Postgres",
    stored: filling.stored,
    store,
    planOfClaim: async () => {
      await timeClaim(subject, 16, FILLED_AT);
      return (await explain(CLAIM_DUE)).map(stepText);
    },
    pagesOfClaim: async (limit, now) => {
      await timeClaim(subject, limit, now);
      const [root] = await explain(CLAIM_DUE);
      return (root?.["Shared Hit Blocks"] ?? 0) + (root?.["Shared Read Blocks"] ?? 0);
    },
    countDue: async (now) => {
      const { rows } = await client.query<{ due: string }>(
        "SELECT count(*) AS due FROM connections WHERE status = 'active' AND next_refresh_at <= $1",
        [now],
      );
      return Number(rows[0]?.due);
    },
    ...rest,
  };
  return subject;
}

function stepText(node: PlanNode): string {
  const where = [node["Index Name"], node["Relation Name"]].filter((name) => name !== undefined).join(" on ");
  return `${node["Node Type"]}${where === "" ? "" : ` ${where}`}, rows ${node["Actual Rows"] ?? 0}`;
}
