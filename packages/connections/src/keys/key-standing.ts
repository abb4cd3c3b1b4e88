import type { RunningProcess, SealedCount, Store } from "@perennial/db";

import type { TokenSeal } from "../token-seal.ts";

/** A key as it stands: in the ring, among the servers that run, and in the database. */
export type KeyStanding = {
  keyId: string;
  /** Its place in the ring, the sealing one being 0; null when the ring lacks it. */
  place: number | null;
  retiredAt: Date | null;
  /** Sealed texts that it holds. */
  rows: number;
};

/** What has to be done next, in the order of a rotation. `settled`: nothing. */
export type RotationStep =
  /** Some servers lack keys: give them the ring as it is here, and restart them. */
  | { kind: "distribute"; keyIds: string[]; servers: number }
  /** Some servers seal with another key than the first one here: restart them with the ring as it is here. */
  | { kind: "restart"; keyId: string; servers: number }
  /** Sealed texts are held by older keys. */
  | { kind: "rewrap"; rows: number }
  /** Keys that hold nothing: a new one is put first, an old one is dropped. */
  | { kind: "promote_or_drop"; keyIds: string[] }
  /** Retired keys can be taken out of the ring. */
  | { kind: "remove"; keyIds: string[] }
  | { kind: "settled" };

/** Where a rotation is. */
export type RotationStatus = {
  sealingKeyId: string;
  keys: KeyStanding[];
  /** Texts that name no key, which nothing opens. */
  unnamedRows: number;
  servers: { id: string; kind: RunningProcess["kind"]; keyIds: string[] | null }[];
  step: RotationStep;
};

/** Looks where a rotation is, and what comes next. */
export async function rotationStatus({
  store,
  seal,
}: {
  store: Pick<Store, "countSealed" | "listKeyChecks" | "listRunningProcesses">;
  seal: TokenSeal;
}): Promise<RotationStatus> {
  const [counts, checks, servers] = await Promise.all([
    store.countSealed(),
    store.listKeyChecks(),
    store.listRunningProcesses(),
  ]);
  const rowsOf = sumByKey(counts);
  const retired = new Map(checks.map(({ keyId, retiredAt }) => [keyId, retiredAt]));
  const known = [...seal.keyIds, ...[...retired.keys(), ...rowsOf.keys()].sort()];
  const keys = [...new Set(known)]
    .filter((keyId) => keyId !== "")
    .map((keyId) => ({
      keyId,
      place: seal.keyIds.includes(keyId) ? seal.keyIds.indexOf(keyId) : null,
      retiredAt: retired.get(keyId) ?? null,
      rows: rowsOf.get(keyId) ?? 0,
    }));
  return {
    sealingKeyId: seal.keyIds[0] ?? "",
    keys,
    unnamedRows: rowsOf.get("") ?? 0,
    servers: servers.map(({ id, kind, keyIds }) => ({ id, kind, keyIds })),
    step: stepOf(keys, servers, seal.keyIds),
  };
}

function sumByKey(counts: readonly SealedCount[]): Map<string, number> {
  const rowsOf = new Map<string, number>();
  for (const { keyId, rows } of counts) rowsOf.set(keyId, (rowsOf.get(keyId) ?? 0) + rows);
  return rowsOf;
}

function stepOf(
  keys: readonly KeyStanding[],
  servers: readonly RunningProcess[],
  ring: readonly string[],
): RotationStep {
  const [sealing = ""] = ring;
  const older = keys.filter(({ place }) => place !== null && place > 0);
  const inUse = older.filter(({ retiredAt }) => retiredAt === null);
  const needed = [sealing, ...inUse.map(({ keyId }) => keyId)];
  const lacking = servers.filter((server) => missingAt(server, needed).length > 0);
  if (lacking.length > 0) {
    const keyIds = [...new Set(lacking.flatMap((server) => missingAt(server, needed)))];
    return { kind: "distribute", keyIds, servers: lacking.length };
  }
  const others = servers.filter(({ keyIds }) => keyIds?.[0] !== sealing).length;
  if (others > 0) return { kind: "restart", keyId: sealing, servers: others };
  const rows = older.reduce((sum, key) => sum + key.rows, 0);
  if (rows > 0) return { kind: "rewrap", rows };
  if (inUse.length > 0) return { kind: "promote_or_drop", keyIds: inUse.map(({ keyId }) => keyId) };
  if (older.length > 0) return { kind: "remove", keyIds: older.map(({ keyId }) => keyId) };
  return { kind: "settled" };
}

/** A server of a version that does not say which keys it has may lack any. */
function missingAt({ keyIds }: RunningProcess, needed: readonly string[]): string[] {
  return needed.filter((keyId) => keyIds === null || !keyIds.includes(keyId));
}
