import type { ConnectionSummary, GoneResult, MetaCallback, MetaCallbackOutcome } from "@perennial/db";

import { alertAbout } from "../alerts.ts";
import { actingAs, META } from "../audit/acting.ts";
import { auditEvent } from "../audit/audit-event.ts";
import type { ConnectionsDeps } from "../deps.ts";

/** Meta counts whole seconds, and what happened within one of them is about what was allowed in it, too. */
const SECOND_MS = 1_000;
/** What a person who has removed the app is told. */
const REMOVED = "token_revoked";

/**
 * Works off one callback. It may be begun any number of times, at once too: each step is done once, and the last one
 * forgets whom it was about.
 *
 * @throws what the store throws: it is begun again.
 */
export function workCallback(deps: ConnectionsDeps, callback: MetaCallback): Promise<void> {
  // Whoever wakes it: the request that told of it was answered before.
  return actingAs({ actor: META, requestId: null, clientNetwork: null }, () => work(deps, callback));
}

async function work(deps: ConnectionsDeps, callback: MetaCallback): Promise<void> {
  const { id, kind, flavour, issuedAt, providerUserId } = callback;
  if (providerUserId === null) return;
  const person = { flavour, providerUserId };
  const found = await deps.store.findConnectionsOfPerson(person);
  const authorizedBefore = new Date(issuedAt.getTime() + SECOND_MS);
  const outcome =
    kind === "deauthorize"
      ? await revoke(deps, found, { flavour, authorizedBefore })
      : await erase(deps, found, { id, person, authorizedBefore });
  const isDone = await deps.store.completeMetaCallback({
    id,
    issuedAt,
    outcome,
    completedAt: deps.wallNow(),
    audit: auditEvent(deps, "callback.worked", {
      userId: null,
      subjectId: id,
      detail: { kind, flavour, outcome },
    }),
  });
  if (isDone) deps.onEvent({ event: "callback.worked", callbackId: id, kind, outcome });
}

async function revoke(
  deps: ConnectionsDeps,
  found: readonly ConnectionSummary[],
  { flavour, authorizedBefore }: { flavour: MetaCallback["flavour"]; authorizedBefore: Date },
): Promise<MetaCallbackOutcome> {
  const results: GoneResult[] = [];
  const held = found.filter((each) => each.flavour === flavour && each.status !== "disconnected");
  for (const connection of held) {
    const result = await deps.store.revokeConnection({
      connectionId: connection.id,
      flavour,
      authorizedBefore,
      errorCode: REMOVED,
      alert: alertAbout(deps, connection, { kind: "connection.reconnect_required", errorCode: REMOVED }),
      now: deps.now(),
      wallNow: deps.wallNow(),
    });
    results.push(result);
    if (result === "done")
      deps.onEvent({
        event: "connection.reconnect_required",
        connectionId: connection.id,
        errorCode: REMOVED,
        nextRefreshAt: null,
      });
  }
  // What was revoked before a crash is revoked.
  return outcomeOf(results, "revoked");
}

async function erase(
  deps: ConnectionsDeps,
  found: readonly ConnectionSummary[],
  of: {
    id: string;
    person: Pick<MetaCallback, "flavour"> & { providerUserId: string };
    authorizedBefore: Date;
  },
): Promise<MetaCallbackOutcome> {
  const { id, person, authorizedBefore } = of;
  const audit = (userId: string | null, subjectId: string) =>
    auditEvent(deps, "account.erased", { userId, subjectId, detail: { callback: id } });
  const erasedAt = deps.wallNow();
  const results: GoneResult[] = [];
  for (const { id: connectionId, userId } of found) {
    const erasure = { connectionId, authorizedBefore, erasedAt, audit: audit(userId, connectionId) };
    const result = await deps.store.eraseConnection(erasure);
    results.push(result);
    if (result === "done") deps.onEvent({ event: "connection.erased", connectionId, userId });
  }
  const wereKnown = await deps.store.eraseIdentities({ ...person, erasedAt, audit: audit(null, id) });
  return outcomeOf(wereKnown ? [...results, "done"] : results, "erased");
}

function outcomeOf(results: readonly GoneResult[], done: "revoked" | "erased"): MetaCallbackOutcome {
  if (results.some((result) => result !== "newer")) return done;
  return results.length > 0 ? "outdated" : "unknown";
}
