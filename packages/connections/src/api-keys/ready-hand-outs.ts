import type { ApiKeyRecord, Store } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { hashSecret } from "../ids.ts";
import type { TokenHandOut } from "./hand-out-to-caller.ts";

/** What a caller presents, and which of its requests this is. */
export type ReadyRequest = {
  secret: string | null;
  connectionId: string;
  /** Whatever else the answer depends on, as one text. */
  asked: string;
};

/** A hand-out that was judged before, and would be judged the same now. It holds the token sealed, and opens it. */
export type ReadyHandOut = {
  keyId: string;
  userId: string;
  connection: TokenHandOut["connection"];
  expiresAt: Date;
  maxCacheSeconds: number;
  /** The token in the clear. Never log it. */
  open(): string;
};

/** The hand-outs of one process that callers ask for again and again. */
export type ReadyHandOuts = {
  find(request: ReadyRequest): ReadyHandOut | null;
  /** What to call before the database is read for an answer that may be kept. */
  count(): number | null;
  keep(request: ReadyRequest, made: MadeHandOut): void;
};

/** A hand-out as it was just made, with the key it was made for, and the count from before. */
export type MadeHandOut = { key: ApiKeyRecord; token: TokenHandOut; count: number | null };

/** So many are kept at once: the callers of a busy second. */
const MOST_READY = 1_000;
/** The long way is gone this often all the same: it is the one that notes when a key was used. */
const READY_FOR_MS = 10_000;

/**
 * Keeps hand-outs for as long as nobody commits anything, and no time comes that would change them: a key that was
 * revoked a moment ago, or a token that was swapped, is never among them. A key that is bound to addresses takes the
 * long way each time.
 */
export function createReadyHandOuts(
  deps: Pick<ConnectionsDeps, "seal" | "now" | "wallNow"> & { store: Pick<Store, "changeCount"> },
): ReadyHandOuts {
  const { store, seal, now, wallNow } = deps;
  const ready = new Map<
    string,
    { handOut: ReadyHandOut; isValidAt(wallMs: number, atMs: number): boolean }
  >();
  let countThen: number | null = null;

  const isUnchanged = (): boolean => {
    const count = store.changeCount();
    if (count !== countThen) ready.clear();
    countThen = count;
    return count !== null;
  };

  return {
    count: () => store.changeCount(),
    find: ({ secret, connectionId, asked }) => {
      if (secret === null || !isUnchanged()) return null;
      const found = ready.get(nameOf(secret, connectionId, asked));
      return found?.isValidAt(wallNow().getTime(), now().getTime()) === true ? found.handOut : null;
    },
    keep: ({ secret, connectionId, asked }, { key, token, count }) => {
      const { again } = token;
      if (secret === null || again === null || key.allowedAddresses !== null) return;
      if (!isUnchanged() || count !== countThen) return;
      if (ready.size >= MOST_READY) ready.clear();
      const { connection, expiresAt, maxCacheSeconds } = token;
      const belongsTo = { connectionId: connection.id, flavour: connection.flavour };
      const open = seal.opener(again.sealedToken, belongsTo);
      const handOut = { keyId: key.id, userId: key.userId, connection, expiresAt, maxCacheSeconds, open };
      const from = { wallMs: wallNow().getTime(), atMs: now().getTime() };
      const wallUntilMs = Math.min(from.wallMs + READY_FOR_MS, key.expiresAt?.getTime() ?? Infinity);
      const untilMs = again.until.getTime();
      ready.set(nameOf(secret, connectionId, asked), {
        handOut,
        isValidAt: (wallMs, atMs) =>
          wallMs >= from.wallMs && wallMs < wallUntilMs && atMs >= from.atMs && atMs < untilMs,
      });
    },
  };
}

/** By the hash, as the database finds keys: no secret is kept, and none is compared letter by letter. */
function nameOf(secret: string, connectionId: string, asked: string): string {
  return `${hashSecret(secret)} ${connectionId} ${asked}`;
}
