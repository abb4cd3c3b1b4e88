import type { RefreshAttempt } from "@perennial/db";

import { attemptBundle, type AttemptBundle } from "../attempt-bundle.ts";
import type { OfBrowser } from "../sign-in-result.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError, knownErrorCode, signInStepOf } from "../errors.ts";
import { hashSecret } from "../ids.ts";
import { readTranscript, reasonIn } from "../transcript.ts";

/** Rows of history that are looked through. */
const LOOKED_THROUGH = 50;

/** A line of a connection's history, by its id and when it began. */
export type NamedAttempt = { userId: string; connectionId: string; attemptId: string; startedAt: Date };

/**
 * What a failed sign-in has left, for the browser that began it.
 *
 * @throws {ConnectionError} `sign_in_wrong_browser`; `sign_in_unknown`, also when it has not failed
 */
export async function recordedSignIn(
  { store }: ConnectionsDeps,
  { attemptId, browserSecret }: OfBrowser,
): Promise<AttemptBundle> {
  if (browserSecret === null) throw new ConnectionError("sign_in_wrong_browser");
  const attempt = await store.findSignInAttempt({ id: attemptId, browserHash: hashSecret(browserSecret) });
  if (attempt?.status !== "failed") throw new ConnectionError("sign_in_unknown");
  const { flavour, errorCode, failedStep, transcript } = attempt;
  return bundleOf({ kind: "sign_in", flavour, errorCode, failedStep, transcript });
}

/**
 * What an attempt on a connection has left; where none is named, the last one that failed with what stands in the way
 * now: a look that failed otherwise since then explains nothing. Null when there is none.
 *
 * @throws {ConnectionError} `connection_not_found`
 */
export async function recordedAttempt(
  { store }: ConnectionsDeps,
  of: { userId: string; connectionId: string } & Partial<NamedAttempt>,
): Promise<AttemptBundle | null> {
  const { userId, connectionId, attemptId, startedAt } = of;
  const connection = await store.findConnection(userId, connectionId);
  if (connection === null) throw new ConnectionError("connection_not_found");
  const before = startedAt === undefined ? null : new Date(startedAt.getTime() + 1);
  const rows = await store.listHistory({ userId, connectionId, limit: LOOKED_THROUGH, before });
  const standing = connection.statusReason ?? connection.lastErrorCode;
  const isMeant = ({ id, errorCode }: RefreshAttempt) =>
    attemptId === undefined ? errorCode !== null && errorCode === standing : id === attemptId;
  const found = rows.find(isMeant);
  if (found === undefined) return null;
  return bundleOf({ ...found, flavour: connection.flavour, failedStep: null });
}

type Recorded = Pick<AttemptBundle, "kind" | "flavour"> & {
  errorCode: string | null;
  failedStep: string | null;
  transcript: string | null;
};

function bundleOf({ kind, flavour, errorCode, failedStep, transcript }: Recorded): AttemptBundle {
  const read = readTranscript(transcript);
  const code = errorCode === null ? null : knownErrorCode(errorCode);
  const upstreamReason = code === null ? null : reasonIn(read, code);
  return attemptBundle({
    kind,
    flavour,
    code,
    upstreamReason,
    step: signInStepOf(failedStep),
    steps: read.steps,
    missingScopes: read.missingScopes,
  });
}
