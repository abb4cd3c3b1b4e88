import type { TokenSeal } from "@perennial/connections";
import { openMovable, type Movable, type MovedTable } from "@perennial/db";
import { createHash } from "node:crypto";

/** What a database holds: a digest of every field of every row, and how many of each there are. */
export type Content = { digest: string; rows: number; tokens: number; tokensOpened: number };

type Row = Readonly<Record<string, unknown>>;
type Connection = { id: string; flavour: string; sealedToken: string | null };

const KEYS: Record<MovedTable, readonly string[]> = {
  users: ["id"],
  identities: ["providerUserId", "flavour"],
  connections: ["id"],
  sessions: ["idHash"],
  signInAttempts: ["id"],
  refreshAttempts: ["id"],
  alerts: ["id"],
  alertDeliveries: ["id"],
  appBreakers: ["flavour", "appId"],
  apiKeys: ["id"],
  sinks: ["id"],
  sinkDeliveries: ["id"],
  sinkFarewells: ["id"],
  metaCallbacks: ["id"],
  erasures: ["id"],
  auditEvents: ["id"],
  keyChecks: ["keyId"],
};
const PAGE_ROWS = 2_000;

/** Reads all of a database and opens every token in it; the move's own word is not taken for it. */
export async function contentOf(
  address: string,
  seal: TokenSeal,
  expectedToken: (connectionId: string) => string,
): Promise<Content> {
  await using end = await openMovable(address, { baseDirectory: process.cwd(), mayCreate: false });
  const hash = createHash("sha256");
  const content = { rows: 0, tokens: 0, tokensOpened: 0 };
  const open = ({ id, flavour, sealedToken }: Connection): void => {
    if (sealedToken === null) return;
    content.tokens += 1;
    if (seal.open(sealedToken, { connectionId: id, flavour }) === expectedToken(id))
      content.tokensOpened += 1;
  };
  for (const table of Object.keys(KEYS) as MovedTable[]) {
    for await (const row of rowsOf(end, table)) {
      hash.update(`${table} ${JSON.stringify(Object.entries(row).sort(byName))}\n`);
      content.rows += 1;
      if (table === "connections") open(row as Connection);
    }
  }
  return { digest: hash.digest("hex"), ...content };
}

async function* rowsOf(end: Movable, table: MovedTable): AsyncGenerator<Row> {
  for (let after: string[] | null = null; ;) {
    const page: readonly Row[] = await end.readPage(table, after, PAGE_ROWS);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = KEYS[table].map((column) => String(last[column]));
  }
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
