import type { SignInAttempt } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import type { Grant } from "../grant.ts";
import { callbackIdOf } from "./callback-id.ts";

/** By how much the clocks of two machines may differ. */
const MOST_SKEW_MS = 10 * 60_000;
const KINDS = ["deauthorize", "data_deletion"] as const;

/**
 * Refuses what a person has allowed and withdrawn again before it was kept: they removed the app while they were still
 * choosing, say. Within one second the order is not known, and they are let in. What was withdrawn since was told of
 * after the attempt began: mostly nobody told of anything, and whom it was about need not be asked.
 *
 * @throws {ConnectionError} `token_revoked`
 */
export async function refuseWithdrawn(
  deps: ConnectionsDeps,
  attempt: Pick<SignInAttempt, "createdAt">,
  { flavour, identity, startedAt }: Pick<Grant, "flavour" | "identity" | "startedAt">,
): Promise<void> {
  const toldSince = new Date(attempt.createdAt.getTime() - MOST_SKEW_MS);
  if (!(await deps.store.hasMetaCallbackSince(toldSince))) return;
  const { appScopedId: providerUserId } = identity;
  const told = await Promise.all(
    KINDS.map((kind) => deps.store.findMetaCallback(callbackIdOf(deps, { kind, flavour, providerUserId }))),
  );
  if (told.some((callback) => callback !== null && callback.issuedAt > startedAt))
    throw new ConnectionError("token_revoked", { reason: "app_removed", step: "stored" });
}
