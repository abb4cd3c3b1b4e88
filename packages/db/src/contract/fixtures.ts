import type { Store } from "../store.ts";
import type { NewAlert } from "../store/alerts.ts";
import type { CompleteSignInInput, CompleteSignInResult, NewAccount } from "../store/complete-sign-in.ts";
import type { AccountProfile, Flavour, StoredToken } from "../store/connections.ts";
import type { RefreshAttempt } from "../store/history.ts";
import type { ClaimDueInput, Lease } from "../store/leases.ts";
import type { NewSignInAttempt } from "../store/sign-in-attempts.ts";
import type { RecordFailureInput, SaveRefreshedInput } from "../store/writes-under-lease.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** When the tests take place. */
export const NOW = new Date("2026-03-01T12:00:00.000Z");

/** An instant some minutes after `NOW`. */
export function minutes(count: number): Date {
  return new Date(NOW.getTime() + count * MINUTE_MS);
}

/** An instant some days after `NOW`. */
export function days(count: number): Date {
  return new Date(NOW.getTime() + count * DAY_MS);
}

/** A sign-in attempt that began at `NOW`. Its secrets are hashed as `state-…`, `browser-…`. */
export function newAttempt(id: string, overrides: Partial<NewSignInAttempt> = {}): NewSignInAttempt {
  return {
    id,
    stateHash: `state-${id}`,
    browserHash: `browser-${id}`,
    flavour: "instagram",
    redirectUri: "https://perennial.test/auth/instagram/callback",
    returnTo: "/connections",
    linkUserId: null,
    expectedAccountId: null,
    requestedScopes: ["instagram_business_basic"],
    createdAt: NOW,
    expiresAt: minutes(10),
    ...overrides,
  };
}

/** The rightful callback of an attempt. */
export function callbackOf(id: string, flavour: Flavour = "instagram") {
  return {
    id,
    stateHash: `state-${id}`,
    browserHash: `browser-${id}`,
    codeHash: `code-${id}`,
    flavour,
    now: minutes(1),
  };
}

/** A profile with a username of its own. */
export function profileOf(username: string, overrides: Partial<AccountProfile> = {}): AccountProfile {
  return {
    username,
    name: `${username} at work`,
    accountType: "BUSINESS",
    pictureUrl: `https://pictures.test/${username}.jpg`,
    followersCount: 1200,
    followsCount: 34,
    mediaCount: null,
    ...overrides,
  };
}

/** A sealed token of sixty days that is due thirty days from now. */
export function sealedToken(name: string, overrides: Partial<StoredToken> = {}): StoredToken {
  return {
    sealedToken: `v1.k1.${name}`,
    tokenIssuedAt: NOW,
    tokenExpiresAt: days(60),
    isExpiryEstimated: false,
    hasNoExpiry: false,
    dataAccessExpiresAt: null,
    permissions: ["instagram_business_basic", "instagram_business_content_publish"],
    nextRefreshAt: days(30),
    ...overrides,
  };
}

/** A row of history. */
export function historyRow(id: string, overrides: Partial<RefreshAttempt> = {}): RefreshAttempt {
  return {
    id,
    kind: "refresh",
    trigger: "worker",
    startedAt: minutes(1),
    finishedAt: minutes(2),
    outcome: "succeeded",
    errorCode: null,
    traceId: null,
    transcript: null,
    tokenExpiresAt: days(60),
    ...overrides,
  };
}

/** An alert about the connection of an account, or about an app where that is null; with no webhook. */
export function newAlert(
  id: string,
  { accountId = null, ...overrides }: Partial<NewAlert> & { accountId?: string | null } = {},
): NewAlert {
  return {
    id,
    kind: "connection.failing",
    userId: accountId === null ? null : `usr-first-${accountId}`,
    connectionId: accountId === null ? null : `con-${accountId}`,
    flavour: "instagram",
    appId: "app-1",
    errorCode: "transient",
    daysLeft: null,
    tokenExpiresAt: accountId === null ? null : days(60),
    createdAt: minutes(9),
    deliverAt: null,
    ...overrides,
  };
}

/** What a save writes but for its lease: a new token, which takes the place of the one that was current. */
export function renewal(name: string, overrides: Partial<SaveRefreshedInput> = {}) {
  return {
    token: sealedToken(name),
    previous: "replaced",
    renewedAt: overrides.now ?? minutes(9),
    history: historyRow(name),
    alerts: [],
    now: minutes(9),
    ...overrides,
  } as const;
}

/** What a failure writes but for its lease: one that may pass. */
export function failureOf(id: string, overrides: Partial<RecordFailureInput> = {}) {
  return {
    reconnectReason: null,
    errorCode: "transient",
    nextRefreshAt: days(1),
    incidentId: null,
    history: historyRow(id, { outcome: "failed", errorCode: "transient" }),
    alerts: [],
    now: minutes(9),
    ...overrides,
  };
}

/** How long a lease is, unless a test says otherwise. */
export const LEASE_MS = 60_000;

/** All that is due, whatever its app. */
export const ALL_DUE = { kind: "due", pausedApps: [] } as const satisfies ClaimDueInput["of"];

/** A claim on all that is due at `NOW`. */
export function claimInput(owner: string, overrides: Partial<ClaimDueInput> = {}): ClaimDueInput {
  return { owner, now: NOW, leaseMs: LEASE_MS, limit: 100, of: ALL_DUE, ...overrides };
}

/** Claims one connection that has to be free. */
export async function leaseOf(store: Store, connectionId: string, owner = "worker"): Promise<Lease> {
  const claim = await store.claimOne({ connectionId, owner, leaseMs: LEASE_MS });
  if (claim.kind !== "leased") throw new Error(`The claim ended as ${claim.kind}.`);
  return claim.lease;
}

/** An account with a token. Everything is named after the attempt, but for the account. */
export function newAccount(
  attemptId: string,
  accountId: string,
  overrides: Partial<NewAccount> = {},
): NewAccount {
  return {
    accountId,
    appScopedId: `scoped-${accountId}`,
    appId: "app-1",
    profile: profileOf(`user${accountId}`),
    token: sealedToken(attemptId),
    connectionId: `con-${accountId}`,
    requestedScopes: ["instagram_business_basic"],
    pageId: null,
    pageName: null,
    history: historyRow(`history-${attemptId}`, { kind: "sign_in", trigger: "person" }),
    recovery: newAlert(`recovery-${attemptId}`, { kind: "connection.recovered", errorCode: null }),
    audit: null,
    ...overrides,
  };
}

/** What may be said of a sign-in with one account: of the sign-in, and of the account. */
export type CompletionOverrides = Partial<Omit<CompleteSignInInput, "accounts">> & {
  account?: Partial<NewAccount>;
};

/** What the end of a sign-in with one account writes. */
export function completion(
  attemptId: string,
  accountId: string,
  { account, ...overrides }: CompletionOverrides = {},
): CompleteSignInInput {
  return {
    attemptId,
    flavour: "instagram",
    identity: { providerUserId: accountId, appScopedId: `scoped-${accountId}` },
    accounts: [newAccount(attemptId, accountId, account)],
    newUserId: `usr-${attemptId}`,
    session: {
      idHash: `session-${attemptId}`,
      userAgent: "Test browser",
      createdAt: minutes(1),
      lastSeenAt: minutes(1),
      expiresAt: days(7),
    },
    replacedSessionIdHash: null,
    audit: null,
    now: minutes(1),
    wallNow: minutes(1),
    ...overrides,
  };
}

/** Begins an attempt and takes it, as a callback does. */
export async function beginSignIn(
  store: Store,
  attemptId: string,
  overrides: Partial<NewSignInAttempt> = {},
): Promise<void> {
  const attempt = newAttempt(attemptId, overrides);
  await store.createSignInAttempt(attempt);
  const claim = await store.claimSignInAttempt(callbackOf(attemptId, attempt.flavour));
  if (claim.kind !== "claimed") throw new Error(`The claim ended as ${claim.kind}.`);
}

/** A whole sign-in, and what came of it. */
export async function signIn(
  store: Store,
  attemptId: string,
  accountId: string,
  overrides: CompletionOverrides & { linkUserId?: string } = {},
): Promise<CompleteSignInResult> {
  const { linkUserId = null, ...completed } = overrides;
  await beginSignIn(store, attemptId, { linkUserId, flavour: completed.flavour ?? "instagram" });
  return store.completeSignIn(completion(attemptId, accountId, completed));
}

/** Signs in with a fresh account for a fresh user; answers the ids. */
export async function connect(
  store: Store,
  accountId: string,
  token: Partial<StoredToken> = {},
): Promise<{ userId: string; connectionId: string }> {
  const attemptId = `first-${accountId}`;
  const result = await signIn(store, attemptId, accountId, {
    account: { token: sealedToken(attemptId, token) },
  });
  if (result.kind !== "completed") throw new Error(`The sign-in ended as ${result.kind}.`);
  return { userId: result.userId, connectionId: `con-${accountId}` };
}
