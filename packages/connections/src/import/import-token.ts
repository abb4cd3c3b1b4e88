import type { AttemptTrigger, ConnectionRecord, Flavour } from "@perennial/db";

import type { ConnectionsDeps } from "../deps.ts";
import { auditEvent } from "../audit/audit-event.ts";
import { ConnectionError } from "../errors.ts";
import { pickAccounts, type GrantedAccount } from "../grant.ts";
import { connectionOfAccount } from "../held-connection.ts";
import { newId } from "../ids.ts";
import { neededScopeMissing } from "../scopes.ts";
import { MAX_SEAL_TRIES, newAccount } from "../store-sign-in.ts";
import { recogniseToken, type ExpiryBasis, type Recognised } from "./recognise-token.ts";
import { readTokenText } from "./read-token-text.ts";
import { stepsUnderWay, withTranscript } from "../transcript.ts";

/** A token that is brought by hand. */
export type ImportRequest = {
  /** Whatever was pasted; the token is somewhere in it. */
  text: string;
  /** Whose it becomes; null for whoever has the account, or a new user. */
  userId: string | null;
  trigger: AttemptTrigger;
  /** The accounts to keep where the token reaches several; null to be asked. */
  accountIds: readonly string[] | null;
  /** The connection it is meant for: only its account will do. Null for any. */
  connectionId: string | null;
  /** How long it still lives, where whoever brings it knows. */
  expiresInSeconds: number | null;
};

/** What became of it. `choose`: it reaches several accounts, and nothing was kept yet. */
export type ImportResult =
  | { kind: "imported"; userId: string; connections: ImportedConnection[] }
  | { kind: "choose"; accounts: { accountId: string; username: string; pageName: string | null }[] };

/** A connection that an import made or gave a new token to. */
export type ImportedConnection = {
  connectionId: string;
  username: string;
  flavour: Flavour;
  isNew: boolean;
  expiresAt: Date;
  expiryBasis: ExpiryBasis;
};

/** A token may end this much sooner than the one it replaces, which works: clocks and roundings. */
const SOONER_ALLOWED_MS = 86_400_000;

/**
 * Keeps a token that somebody brings by hand: finds out whose it is by asking, upgrades it where that helps, and
 * refuses precisely. Nothing that works is replaced by something that does not, or that ends sooner.
 *
 * @throws {ConnectionError} with a `detail` that says what exactly is wrong; nothing was changed then
 */
export function importToken(deps: ConnectionsDeps, request: ImportRequest): Promise<ImportResult> {
  return withTranscript(() => importText(deps, request), request.connectionId === null ? "import" : "upkeep");
}

async function importText(deps: ConnectionsDeps, request: ImportRequest): Promise<ImportResult> {
  const read = readTokenText(request.text);
  if (read.kind === "none") throw new ConnectionError("import_unreadable", { detail: read.detail });
  const expected = await expectedConnection(deps, request);
  const recognised = await recogniseToken(deps, {
    value: read.value,
    expiresInSeconds: request.expiresInSeconds ?? read.expiresInSeconds,
    expiresAt: read.expiresAt,
  });
  const accounts = chosen(recognised, request, expected);
  if (accounts === null)
    return {
      kind: "choose",
      accounts: recognised.accounts.map(({ profile, page }) => ({
        accountId: profile.accountId,
        username: profile.username,
        pageName: page?.name ?? null,
      })),
    };
  for (const { token } of accounts) checkScopes(recognised.flavour, token.permissions);
  for (const account of accounts) await checkBetter(deps, account);
  const imported: (ImportedConnection & { userId: string })[] = [];
  // One after the other: the first one may make the user that the others belong to.
  for (const account of accounts) {
    const userId = request.userId ?? imported[0]?.userId ?? null;
    imported.push(await keep(deps, { recognised, account, trigger: request.trigger, userId }));
  }
  const userId = imported[0]?.userId ?? "";
  return { kind: "imported", userId, connections: imported.map(({ userId: _userId, ...rest }) => rest) };
}

async function expectedConnection(
  deps: ConnectionsDeps,
  { connectionId, userId }: ImportRequest,
): Promise<ConnectionRecord | null> {
  if (connectionId === null) return null;
  const found = await deps.store.findConnectionById(connectionId);
  if (found === null || (userId !== null && found.userId !== userId))
    throw new ConnectionError("connection_not_found");
  return found;
}

/** The accounts to keep; null when somebody has to choose. */
function chosen(
  { accounts }: Recognised,
  { accountIds }: ImportRequest,
  expected: ConnectionRecord | null,
): GrantedAccount[] | null {
  if (expected !== null) {
    const account = accounts.find(({ profile }) => profile.accountId === expected.accountId);
    if (account !== undefined) return [account];
    const names = accounts.map(({ profile }) => `@${profile.username}`).join(", ");
    throw new ConnectionError("wrong_account", {
      detail: `The token belongs to ${names}, not to @${expected.username}.`,
    });
  }
  if (accountIds !== null) return pickAccounts(accounts, accountIds);
  return accounts.length === 1 ? accounts : null;
}

function checkScopes(flavour: Flavour, permissions: readonly string[] | null): void {
  const missing = neededScopeMissing(flavour, permissions);
  if (missing !== null) throw new ConnectionError("permission_missing", { detail: `Missing: ${missing}.` });
}

async function checkBetter(deps: ConnectionsDeps, { profile, token }: GrantedAccount): Promise<void> {
  const existing = await connectionOfAccount(deps, profile.accountId);
  if (existing?.status !== "active" || existing.failedAttempts > 0) return;
  const { tokenExpiresAt } = existing;
  if (tokenExpiresAt === null || tokenExpiresAt <= deps.now()) return;
  if (token.expiresAt.getTime() >= tokenExpiresAt.getTime() - SOONER_ALLOWED_MS) return;
  const [kept, brought] = [tokenExpiresAt, token.expiresAt].map((at) => at.toISOString().slice(0, 10));
  throw new ConnectionError("import_not_better", {
    detail: `The one that is kept ends on ${kept}, the one that was brought on ${brought}.`,
  });
}

type Keeping = {
  recognised: Recognised;
  account: GrantedAccount;
  trigger: AttemptTrigger;
  userId: string | null;
};

async function keep(
  deps: ConnectionsDeps,
  { recognised, account, trigger, userId }: Keeping,
): Promise<ImportedConnection & { userId: string }> {
  const { flavour, expiryBasis } = recognised;
  const { accountId, username } = account.profile;
  let foundId = await deps.store.findConnectionIdByAccount(accountId);
  for (let tries = 0; tries < MAX_SEAL_TRIES; tries += 1) {
    const history = { kind: "import", trigger } as const;
    const rest = { foundId, requestedScopes: null, history };
    const written = newAccount(deps, { ...recognised, steps: stepsUnderWay() }, account, rest);
    const { connectionId } = written;
    const result = await deps.store.importAccount({
      flavour,
      account: written,
      userId,
      newUserId: newId("usr"),
      audit: auditEvent(deps, "token.imported", {
        userId,
        subjectId: connectionId,
        detail: { login: flavour },
      }),
      now: deps.now(),
      wallNow: deps.wallNow(),
    });
    if (result.kind === "connection_moved") {
      foundId = result.connectionId;
      continue;
    }
    if (result.kind === "account_held")
      throw new ConnectionError("account_held", { detail: `It is @${username}.` });
    if (result.kind === "user_missing") throw new ConnectionError("user_not_found");
    deps.onEvent({ event: "connection.imported", connectionId, userId: result.userId });
    const { isNew } = result;
    const { expiresAt } = account.token;
    return { connectionId, username, flavour, isNew, expiresAt, expiryBasis, userId: result.userId };
  }
  throw new ConnectionError("sign_in_interrupted");
}
