import { StoreError, type AttemptTrigger, type ConnectionRecord } from "@perennial/db";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError, isErrorCode } from "./errors.ts";
import { openedToken } from "./held-connection.ts";
import { milestones, phaseAt, type PlannedLife } from "./policy.ts";
import type { Refresher } from "./refresh.ts";
import { plannedLifeOf } from "./token-life.ts";

/** A token in the clear, for a caller that may have it. Never log it. */
export type HandedOutToken = {
  connectionId: string;
  accountId: string;
  accessToken: string;
  permissions: string[] | null;
  expiresAt: Date;
};

/**
 * Hands out a working token. One that is urgent is refreshed first; when that fails and the token still
 * lives, the living token is handed out.
 *
 * @throws {ConnectionError} `connection_not_found`; `reconnect_required`, `token_expired` or what ended the
 *   token: a token known to be dead is never given out; `token_unreadable`.
 */
export async function handOut(
  deps: ConnectionsDeps,
  refresh: Refresher,
  input: { connectionId: string; trigger: AttemptTrigger },
): Promise<HandedOutToken> {
  let connection = await livingConnection(deps, input.connectionId);
  const at = milestones(connection.life, deps.schedule);
  const isRenewable = connection.life.renewal === "automatic"; // a person's click is not waited for here
  if (isRenewable && phaseAt(at, deps.now()) === "urgent") {
    await refresh({ ...input, userId: null, force: false }).catch((error: unknown) => {
      // A house that is moving renews nothing, but the token it holds still works.
      if (!(error instanceof StoreError && error.code === "moved")) throw error;
    });
    connection = await livingConnection(deps, input.connectionId);
  }
  const { record, sealedToken, life } = connection;
  return {
    connectionId: record.id,
    accountId: record.accountId,
    accessToken: openedToken(deps, record, sealedToken),
    permissions: record.permissions,
    expiresAt: life.expiresAt,
  };
}

type Living = { record: ConnectionRecord; sealedToken: string; life: PlannedLife };

async function livingConnection(deps: ConnectionsDeps, connectionId: string): Promise<Living> {
  const record = await deps.store.findConnectionById(connectionId);
  if (record === null || record.status === "disconnected") throw new ConnectionError("connection_not_found");
  const { sealedToken, statusReason } = record;
  const life = plannedLifeOf(record);
  if (record.status === "reconnect_required" || sealedToken === null || life === null) {
    const isKnown = statusReason !== null && isErrorCode(statusReason);
    throw new ConnectionError(isKnown ? statusReason : "reconnect_required");
  }
  if (deps.now() >= life.expiresAt) throw new ConnectionError("token_expired");
  return { record, sealedToken, life };
}
