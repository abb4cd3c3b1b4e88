import {
  StoreError,
  type ApiKeyAction,
  type ApiKeyMatch,
  type ApiKeyRecord,
  type ConnectionRecord,
} from "@perennial/db";

import { coarseNetworkOf, createAddressRanges } from "../addresses.ts";
import { hourlyAuditEvent, hourOf } from "../audit/audit-event.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { hashSecret } from "../ids.ts";
import { createOncePer } from "../once-per.ts";
import { createReconnectLink } from "../reconnect-link.ts";
import type { Refresher } from "../refresh.ts";
import type { RefreshResult } from "../refresh-result.ts";
import { viewConnection, type ConnectionView } from "../views.ts";
import {
  handOutToCaller,
  type CallerRequest,
  type HandOutResult,
  type TokenHandOut,
} from "./hand-out-to-caller.ts";
import { isKeySecret } from "./key-secret.ts";
import { createReadyHandOuts, type ReadyHandOut, type ReadyRequest } from "./ready-hand-outs.ts";

/** Why a key opens nothing, or not this. */
export type KeyRefusalCode =
  | "key_missing"
  | "key_invalid"
  | "key_expired"
  | "key_revoked"
  | "key_address_refused"
  | "key_action_refused"
  | "key_connection_refused"
  | "connection_not_found";

/** A key that is refused; `at` is when it was revoked or expired. */
export type KeyRefusal = { kind: "refused"; code: KeyRefusalCode; at: Date | null };

/** What a caller presents and wants. */
export type VisitRequest = {
  /** As it stood in the Authorization header; null when there was none. */
  secret: string | null;
  /** Where the request comes from, canonical; null when that is not known. */
  address: string | null;
  action: ApiKeyAction;
  requestId: string | null;
};

/** A caller that was let in with a key. */
export type KeyVisit = { kind: "admitted"; keyId: string; userId: string };

/** The same, with the connection that was asked for. */
export type ConnectionVisit = KeyVisit & {
  connectionId: string;
  view(): ConnectionView;
  refresh(force: boolean): Promise<RefreshResult>;
  /** Hands out the token, or says why not. @throws {ConnectionError} `token_unreadable` */
  handOut(request: CallerRequest & Pick<ReadyRequest, "asked">): Promise<HandOutResult>;
  /** A link by which a person can reconnect the account. */
  reconnectUrl(): Promise<string>;
};

/** The same, with every connection the key may see. */
export type ListVisit = KeyVisit & { list(): Promise<ConnectionView[]> };

/** The ways in with a key. */
export type KeyVisits = {
  toConnection(request: VisitRequest & { connectionId: string }): Promise<ConnectionVisit | KeyRefusal>;
  toAll(request: VisitRequest): Promise<ListVisit | KeyRefusal>;
  /** What `toConnection` and `handOut` would come to for a request that was answered a moment ago; null where they have to say. */
  ready(request: ReadyRequest): ReadyHandOut | null;
};

/** A use is noted at most this often by a process. */
const TOUCH_INTERVAL_MS = 60_000;
/** Lets callers in by their keys. What a key opens is read anew for each of them: revoked is revoked. */
export function createKeyVisits(deps: ConnectionsDeps, refresh: Refresher): KeyVisits {
  const noteUse = createUseNotes(deps);
  const readyHandOuts = createReadyHandOuts(deps);
  return {
    ready: readyHandOuts.find,
    toConnection: async (request) => {
      const count = readyHandOuts.count();
      const match = await findMatch(request.secret, (secretHash) =>
        deps.store.findApiKeyWithConnection({ secretHash, connectionId: request.connectionId }),
      );
      if ("code" in match) return match;
      const refusal = judgeKey(match.key, request, deps.wallNow());
      if (refusal !== null) return refusal;
      const connection = usable(match);
      if ("code" in connection) return connection;
      noteUse(match.key, request);
      const { key } = match;
      return visitConnection(deps, refresh, {
        key,
        record: connection,
        keep: (asked, token) => readyHandOuts.keep({ ...request, asked }, { key, token, count }),
      });
    },
    toAll: async (request) => {
      const match = await findMatch(request.secret, async (secretHash) => {
        const key = await deps.store.findApiKey(secretHash);
        return key === null ? null : { key, connection: null };
      });
      if ("code" in match) return match;
      const { key } = match;
      const refusal = judgeKey(key, request, deps.wallNow());
      if (refusal !== null) return refusal;
      noteUse(key, request);
      return {
        kind: "admitted",
        keyId: key.id,
        userId: key.userId,
        list: async () => {
          const now = deps.now();
          const rows = await deps.store.listConnections(key.userId);
          return rows.filter(({ id }) => isFor(key, id)).map((row) => viewConnection(deps, row, now));
        },
      };
    },
  };
}

async function findMatch(
  secret: string | null,
  find: (secretHash: string) => Promise<ApiKeyMatch | null>,
): Promise<ApiKeyMatch | KeyRefusal> {
  if (secret === null) return refused("key_missing");
  if (!isKeySecret(secret)) return refused("key_invalid");
  return (await find(hashSecret(secret))) ?? refused("key_invalid");
}

function judgeKey(key: ApiKeyRecord, { action, address }: VisitRequest, wallNow: Date): KeyRefusal | null {
  if (key.revokedAt !== null) return refused("key_revoked", key.revokedAt);
  if (key.expiresAt !== null && wallNow >= key.expiresAt) return refused("key_expired", key.expiresAt);
  const { allowedAddresses } = key;
  const isAllowed =
    allowedAddresses === null || (address !== null && createAddressRanges(allowedAddresses).has(address));
  if (!isAllowed) return refused("key_address_refused");
  return key.actions.includes(action) ? null : refused("key_action_refused");
}

function refused(code: KeyRefusalCode, at: Date | null = null): KeyRefusal {
  return { kind: "refused", code, at };
}

function isFor({ connectionIds }: ApiKeyRecord, connectionId: string): boolean {
  return connectionIds === null || connectionIds.includes(connectionId);
}

/** The connection that was asked for, if the key may use it. Another user's was never found. */
function usable({ key, connection }: ApiKeyMatch): ConnectionRecord | KeyRefusal {
  if (connection === null || connection.status === "disconnected") return refused("connection_not_found");
  return isFor(key, connection.id) ? connection : refused("key_connection_refused");
}

type Keep = (asked: string, token: TokenHandOut) => void;

function visitConnection(
  deps: ConnectionsDeps,
  refresh: Refresher,
  { key, record, keep }: { key: ApiKeyRecord; record: ConnectionRecord; keep: Keep },
): ConnectionVisit {
  const connectionId = record.id;
  return {
    kind: "admitted",
    keyId: key.id,
    userId: key.userId,
    connectionId,
    view: () => viewConnection(deps, record, deps.now()),
    refresh: (force) => refresh({ connectionId, userId: key.userId, trigger: "api", force }),
    handOut: async ({ asked, ...request }) => {
      const result = await handOutToCaller(deps, refresh, { record, ...request });
      if (result.kind === "token") keep(asked, result);
      return result;
    },
    reconnectUrl: () => createReconnectLink(deps, connectionId),
  };
}

/** Writes behind the answer when a key was last used, and says so: once a minute is enough for both. */
function createUseNotes(deps: ConnectionsDeps): (key: ApiKeyRecord, request: VisitRequest) => void {
  const { wallNow, onEvent } = deps;
  const isWorthNoting = createOncePer(TOUCH_INTERVAL_MS);
  return (key, request) => {
    const { id: keyId, userId, lastUsedAt } = key;
    const now = wallNow();
    if (!isWorthNoting(keyId, now)) return;
    if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < TOUCH_INTERVAL_MS) return;
    onEvent({ event: "key.used", keyId, userId });
    noteUse(deps, key, request, now).catch((error: unknown) => {
      // A house that is moving is read and not written.
      if (!(error instanceof StoreError && error.code === "moved"))
        onEvent({ event: "key.use_not_noted", keyId, error });
    });
  };
}

/** The event first: where a crash comes between, the next use finds that there is one to write. */
async function noteUse(
  deps: ConnectionsDeps,
  { id: keyId, userId, lastUsedAt }: ApiKeyRecord,
  { requestId, address, action }: VisitRequest,
  now: Date,
): Promise<void> {
  if (lastUsedAt === null || hourOf(lastUsedAt) < hourOf(now)) {
    const about = { userId, subjectId: keyId, of: keyId, detail: { action } };
    const by = { actor: keyId, requestId, clientNetwork: coarseNetworkOf(address) };
    await deps.store.appendAuditEvents([{ ...hourlyAuditEvent(deps, "key.used", about), ...by }]);
  }
  await deps.store.touchApiKey(keyId, now);
}
