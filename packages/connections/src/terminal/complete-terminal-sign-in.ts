import { parseCallback } from "@perennial/instagram";

import type { AccountChoice } from "../account-choice.ts";
import { SIGN_IN_LIFETIME_MS, splitState } from "../begin-sign-in.ts";
import { CHOICE_LIFETIME_MS } from "../account-choice.ts";
import type { SignInCompletion } from "../complete-sign-in.ts";
import type { SignedIn } from "../sign-in-result.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { hashSecret } from "../ids.ts";
import { viewConnection, type ConnectionView } from "../views.ts";
import { TERMINAL, terminalSecrets, terminalState } from "./terminal-attempt.ts";

/** What somebody brings back to a terminal. */
export type CompleteTerminalSignInInput = {
  /** The whole address that the browser was sent to, its query, or the code alone. */
  text: string;
  /** The `state` that belongs to a code alone; null for that of the one sign-in that waits. */
  state: string | null;
  /** The accounts to connect, where the login reaches several; null to be asked. */
  accountIds: readonly string[] | null;
};

/** What came of it. `choose`: the login reaches several accounts, and nothing was kept yet. */
export type TerminalSignInResult =
  | { kind: "signed_in"; userId: string; connections: ConnectionView[] }
  | { kind: "choose"; choice: AccountChoice };

/** So many that wait are as good as many. */
const MOST_OPEN = 2;

/**
 * Finishes a sign-in that was begun at a terminal; no session is left open. The same again within ten minutes gives
 * the same result, and so a choice is made by bringing the same once more, with the accounts.
 *
 * A code alone belongs to the one sign-in that waits, begun with the same key within minutes. Where several wait,
 * or none, its `state` is asked for: a code must not end up with an attempt that it was not meant for.
 *
 * @throws {ConnectionError} `callback_damaged`, `sign_in_unknown`, and as `completeSignIn`
 */
export async function completeTerminalSignIn(
  deps: ConnectionsDeps,
  completion: Pick<SignInCompletion, "complete" | "choice" | "choose">,
  { text, state, accountIds }: CompleteTerminalSignInInput,
): Promise<TerminalSignInResult> {
  const query = await queryOf(deps, text.trim(), state);
  const attemptId = splitState(parseCallback(query).state ?? "")?.attemptId ?? "";
  const { browser } = terminalSecrets(deps, attemptId);
  const attempt = await deps.store.findSignInAttempt({ id: attemptId, browserHash: hashSecret(browser) });
  const by = { sessionId: null, userAgent: "perennial authenticate" };
  const result = await completion.complete({
    // An attempt that is not ours is refused before its flavour matters.
    flavour: attempt?.flavour ?? "instagram",
    query,
    browserSecretOf: () => browser,
    ...by,
  });
  if (result.kind === "signed_in") return await signedIn(deps, result, accountIds ?? []);
  const ofTerminal = { attemptId, browserSecret: browser };
  if (accountIds === null) return { kind: "choose", choice: await completion.choice(ofTerminal) };
  const chosen = await completion.choose({ ...ofTerminal, accountIds, ...by });
  return await signedIn(deps, chosen, accountIds);
}

/** The redirect address, or what its query was where only the code was brought. @throws {ConnectionError} */
async function queryOf(deps: ConnectionsDeps, text: string, state: string | null): Promise<string> {
  if (isCodeAlone(text))
    return new URLSearchParams({ code: text, state: state ?? (await stateOfOnlyOpen(deps)) }).toString();
  if (parseCallback(text).kind === "damaged") {
    const detail = "Copy the whole address, from https:// to its end.";
    throw new ConnectionError("callback_damaged", { detail });
  }
  return text;
}

/** Codes are letters, digits and a few signs; an address or a query has others. */
function isCodeAlone(text: string): boolean {
  return text !== "" && !/[?&=/\s]/.test(text.replace(/#_(?:=_)?$/, ""));
}

async function stateOfOnlyOpen(deps: ConnectionsDeps): Promise<string> {
  const wallNow = deps.wallNow();
  const open = await deps.store.listOpenSignInAttempts({
    returnTo: TERMINAL,
    createdAfter: new Date(wallNow.getTime() - SIGN_IN_LIFETIME_MS - CHOICE_LIFETIME_MS),
    wallNow,
    limit: MOST_OPEN,
  });
  const [only] = open;
  if (only === undefined || open.length > 1)
    throw new ConnectionError("sign_in_unknown", {
      detail:
        only === undefined
          ? "No sign-in that was begun at a terminal waits for this code."
          : "More than one sign-in waits: bring the whole address, or the state with the code.",
    });
  return terminalState(only.id, terminalSecrets(deps, only.id).state);
}

async function signedIn(
  deps: ConnectionsDeps,
  { session, userId, connectionId }: SignedIn,
  accountIds: readonly string[],
): Promise<TerminalSignInResult> {
  // It was opened for a browser, which there is none of.
  if (session !== null) await deps.store.deleteSession(hashSecret(session.id));
  const now = deps.now();
  const rows = await deps.store.listConnections(userId);
  const connections = rows
    .filter(({ id, accountId }) => id === connectionId || accountIds.includes(accountId))
    .map((row) => viewConnection(deps, row, now));
  return { kind: "signed_in", userId, connections };
}
