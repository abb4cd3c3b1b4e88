import type { GuardState, Movable } from "../move/movable.ts";
import { openMovable } from "../move/open-movable.ts";
import { MOVED_TABLE_NAMES, type MovedRow, type MovedRows, type MovedTable } from "../move/rows.ts";
import { addGone } from "./furnish-gone.ts";

/** What a database is filled with. */
export type Furniture = {
  connections: number;
  /** The same seed gives the same rows. */
  seed?: number;
  /** Seals a token for a connection; a text in the place of a seal unless given. */
  sealFor?: (connectionId: string, flavour: string) => string;
  /** The same for the settings of a sink. */
  sealSinkFor?: ((sinkId: string) => string) | undefined;
  /** The same for what a person may choose from, by the id of the attempt. */
  sealChoiceFor?: ((attemptId: string, flavour: string) => string) | undefined;
  keyChecks?: { keyId: string; sealed: string }[];
};

const FIRST_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 500;
const NAMES = [
  "Ana",
  "日本の花屋",
  "Zoë 🌻 Studio",
  'O\'Hara "quoted"',
  "نور",
  "\u{1F469}‍\u{1F3A8}",
  " spaces ",
];
const SCOPES = ["instagram_business_basic", "instagram_business_content_publish", 'odd, "scope" [1]'];

/** Fills an empty database with people, connections of every state, sessions and history, the same for every engine. */
export async function furnish(databaseUrl: string, furniture: Furniture): Promise<void> {
  await using end = await openMovable(databaseUrl, { baseDirectory: process.cwd(), mayCreate: true });
  await furnishMovable(end, furniture);
}

/** The same for a database that is open already. */
export async function furnishMovable(end: Movable, furniture: Furniture): Promise<void> {
  const house = await end.findHouse();
  const receiving: GuardState = { guard: "receiving", moveId: "furnish", counterpartId: null };
  const { guard, moveId, counterpartId } = house;
  await end.changeGuard({ from: house, to: receiving });
  for (let start = 0; start < furniture.connections; start += ROWS_AT_ONCE) {
    const rows = rowsOf(furniture, start, Math.min(start + ROWS_AT_ONCE, furniture.connections));
    for (const table of MOVED_TABLE_NAMES) {
      const upserts = rows[table] as MovedRow[];
      if (upserts.length > 0) await end.receive("furnish", { table, upserts, deletes: [] });
    }
  }
  const checks = furniture.keyChecks ?? [{ keyId: "k1", sealed: "v1.k1.check" }];
  const upserts = checks.map((check) => ({ ...check, retiredAt: null }));
  await end.receive("furnish", { table: "keyChecks", upserts, deletes: [] });
  await end.changeGuard({ from: receiving, to: { guard, moveId, counterpartId } });
}

/** The rows of a part of the house. */
export type Rows = { [Table in MovedTable]: MovedRows[Table][] };

function rowsOf(furniture: Furniture, start: number, end: number): Rows {
  const rows: Rows = {
    users: [],
    identities: [],
    connections: [],
    sessions: [],
    signInAttempts: [],
    refreshAttempts: [],
    alerts: [],
    alertDeliveries: [],
    appBreakers: [],
    apiKeys: [],
    sinks: [],
    sinkDeliveries: [],
    sinkFarewells: [],
    metaCallbacks: [],
    erasures: [],
    auditEvents: [],
    keyChecks: [],
  };
  for (let number = start; number < end; number += 1) addPerson(rows, furniture, number);
  return rows;
}

function addPerson(rows: Rows, furniture: Furniture, number: number): void {
  const { seed = 1, sealFor, sealSinkFor, sealChoiceFor } = furniture;
  const random = randomFrom(seed * 1_000_003 + number);
  const id = `${random().toString(36).slice(2, 10)}${number}`;
  const at = (days: number) => new Date(FIRST_MS + Math.floor(days * DAY_MS) + Math.floor(random() * 1_000));
  const accountId = `1784140000000${String(seed).padStart(3, "0")}${String(number).padStart(7, "0")}`;
  const flavour = random() < 0.8 ? "instagram" : "facebook";
  const user = { id: `usr_${id}`, createdAt: at(number / 1_000) };
  const appScopedId = `99${accountId.slice(2)}`;
  const connection = connectionOf({
    number,
    id: `con_${id}`,
    userId: user.id,
    accountId,
    flavour,
    at,
    random,
  });
  if (connection.status !== "disconnected") {
    connection.sealedToken = sealFor?.(connection.id, flavour) ?? `v1.k1.${id}`;
    if (number % 5 === 1) {
      connection.previousSealedToken = sealFor?.(connection.id, flavour) ?? `v1.k1.${id}.before`;
    }
  }
  rows.users.push(user);
  rows.identities.push({
    flavour,
    providerUserId: accountId,
    appScopedId,
    userId: user.id,
    createdAt: user.createdAt,
    updatedAt: at(number / 1_000 + 1),
  });
  rows.connections.push({ ...connection, appScopedId });
  const trace = {
    number,
    id,
    user,
    connectionId: connection.id,
    flavour,
    at,
    sealSinkFor,
    sealChoiceFor,
  } as const;
  addTraces(rows, trace);
  if (number % 3 === 2) addAlert(rows, trace);
  if (number % 4 === 1) addReaders(rows, trace);
  if (number % 4 === 2) addGone(rows, trace);
}

type Connection = MovedRows["connections"];

function connectionOf(input: {
  number: number;
  id: string;
  userId: string;
  accountId: string;
  flavour: Connection["flavour"];
  at: (days: number) => Date;
  random: () => number;
}): Connection {
  const { number, id, userId, accountId, flavour, at, random } = input;
  const status = (["active", "active", "active", "reconnect_required", "disconnected"] as const)[number % 5];
  const isGone = status === "disconnected";
  const orNull = <Value>(value: Value): Value | null => (random() < 0.2 ? null : value);
  return {
    id,
    userId,
    accountId,
    appScopedId: accountId,
    flavour,
    appId: "990000000000001",
    status: status ?? "active",
    statusReason: status === "reconnect_required" ? "token_revoked" : null,
    username: `user.${number}`,
    name: orNull(NAMES[number % NAMES.length] ?? ""),
    accountType: number % 2 === 0 ? "BUSINESS" : "MEDIA_CREATOR",
    pictureUrl: orNull(`https://pictures.test/${number}.jpg?a=1&b=%20`),
    followersCount: orNull(Math.floor(random() * 2 ** 40)),
    followsCount: orNull(0),
    mediaCount: null,
    sealedToken: null,
    tokenIssuedAt: isGone ? null : at(10),
    tokenExpiresAt: isGone ? null : at(70),
    hasNoExpiry: number % 9 === 4,
    dataAccessExpiresAt: number % 9 === 4 ? at(100) : null,
    requestedScopes: orNull(["instagram_business_basic", "ä"]),
    pageId: number % 9 === 4 ? `page-${id}` : null,
    pageName: number % 9 === 4 ? "Página 测试" : null,
    provedAt: orNull(at(20)),
    isExpiryEstimated: random() < 0.1,
    permissions: number % 4 === 0 ? null : SCOPES.slice(0, number % 4),
    previousSealedToken: null,
    previousTokenIssuedAt: number % 5 === 1 ? at(5) : null,
    previousTokenExpiresAt: number % 5 === 1 ? at(65) : null,
    nextRefreshAt: status === "active" ? at(40) : null,
    attemptSentAt: number % 9 === 0 ? at(11) : null,
    authorizedAt: number % 6 === 0 ? null : at(number / 1_000),
    renewedAt: orNull(at(10)),
    failedAttempts: number % 3,
    lastErrorCode: number % 3 === 0 ? null : "transient",
    lastErrorAt: number % 3 === 0 ? null : at(11),
    failingSinceAt: number % 3 === 0 ? null : at(10.5),
    incidentId: number % 3 === 2 ? `alt_${id}` : null,
    warnedDays: number % 6 === 5 ? 7 : null,
    version: 1 + Math.floor(random() * 1_000),
    createdAt: at(number / 1_000),
    updatedAt: at(11),
  };
}

/** Whom further rows are about. */
export type Trace = {
  number: number;
  id: string;
  user: { id: string };
  connectionId: string;
  flavour: Connection["flavour"];
  at: (days: number) => Date;
} & Pick<Furniture, "sealSinkFor" | "sealChoiceFor">;

function addTraces(rows: Rows, { number, id, user, connectionId, flavour, at, sealChoiceFor }: Trace): void {
  rows.refreshAttempts.push({
    id: `att_${id}`,
    connectionId,
    kind: number % 2 === 0 ? "sign_in" : "refresh",
    trigger: number % 2 === 0 ? "person" : "worker",
    startedAt: at(10),
    finishedAt: at(10.5),
    outcome: number % 3 === 0 ? "succeeded" : "failed",
    errorCode: number % 3 === 0 ? null : "transient",
    traceId: number % 3 === 0 ? null : "AbC/d+E=",
    tokenExpiresAt: number % 5 === 4 ? null : at(70),
    transcript: number % 2 === 0 ? null : '{"steps":["ä"]}',
  });
  if (number % 3 === 0) {
    rows.sessions.push({
      idHash: `hash-${id}`,
      userId: user.id,
      userAgent: number % 2 === 0 ? null : "Mozilla/5.0 (测试)",
      createdAt: at(12),
      lastSeenAt: at(13),
      expiresAt: at(4_000),
    });
  }
  if (number % 7 === 0) {
    rows.signInAttempts.push({
      id: `sia_${id}`,
      stateHash: `state-${id}`,
      browserHash: `browser-${id}`,
      codeHash: number % 2 === 0 ? null : `code-${id}`,
      flavour,
      redirectUri: "https://perennial.test/auth/instagram/callback",
      returnTo: "/connections?a=1",
      linkUserId: number % 2 === 0 ? null : user.id,
      expectedAccountId: number % 4 === 1 ? "17841400000000001" : null,
      requestedScopes: number % 2 === 0 ? [] : ["instagram_business_basic"],
      sealedChoice: number % 4 === 1 ? (sealChoiceFor?.(`sia_${id}`, flavour) ?? `v1.k1.choice-${id}`) : null,
      status: (["started", "choosing", "completed", "failed"] as const)[number % 4] ?? "started",
      createdAt: at(12),
      expiresAt: at(12.1),
      finishedAt: null,
      userId: number % 4 === 2 ? user.id : null,
      connectionId: number % 4 === 2 ? connectionId : null,
      errorCode: number % 4 === 3 ? "user_denied" : null,
      failedStep: null,
      transcript: number % 4 === 3 ? "{}" : null,
    });
  }
}

function addAlert(rows: Rows, { number, id, user, connectionId, flavour, at }: Trace): void {
  const deliveryState = (["none", "waiting", "delivered", "given_up"] as const)[number % 4] ?? "none";
  const isOfApp = number % 9 === 8;
  const appId = isOfApp ? `9900000${id}` : "990000000000001";
  rows.alerts.push({
    id: `alt_${id}`,
    kind: isOfApp ? "app.degraded" : "connection.failing",
    userId: isOfApp ? null : user.id,
    connectionId: isOfApp ? null : connectionId,
    flavour,
    appId,
    errorCode: "transient",
    daysLeft: number % 2 === 0 ? null : 7,
    tokenExpiresAt: isOfApp ? null : at(70),
    createdAt: at(11),
    deliveryState,
    deliveryAttempts: deliveryState === "none" ? 0 : 1,
    nextDeliveryAt: deliveryState === "waiting" ? at(12) : null,
    deliveredAt: deliveryState === "delivered" ? at(11.5) : null,
  });
  if (deliveryState !== "none") {
    rows.alertDeliveries.push({
      id: `dlv_${id}`,
      alertId: `alt_${id}`,
      startedAt: at(11.5),
      durationMs: number,
      httpStatus: deliveryState === "delivered" ? 204 : null,
      errorCode: deliveryState === "delivered" ? null : "unreachable",
    });
  }
  if (isOfApp) {
    const times = { openedAt: at(11), nextProbeAt: at(11.1) };
    rows.appBreakers.push({
      flavour,
      appId,
      errorCode: "transient",
      probes: number,
      incidentId: `alt_${id}`,
      ...times,
    });
  }
}

/** What other code has: a key, and a place that the token is delivered to. */
function addReaders(rows: Rows, { number, id, user, connectionId, at, sealSinkFor }: Trace): void {
  const isFailing = number % 8 === 5;
  rows.apiKeys.push({
    id: `key_${id}`,
    userId: user.id,
    name: NAMES[number % NAMES.length] ?? "",
    secretHash: `secret-${id}`,
    hint: "a1B2",
    actions: number % 8 === 1 ? ["read"] : ["read", "token", "refresh"],
    connectionIds: number % 8 === 1 ? [connectionId] : null,
    allowedAddresses: number % 8 === 5 ? ["192.0.2.0/24", "2001:db8::/64"] : null,
    createdAt: at(12),
    expiresAt: number % 8 === 5 ? at(400) : null,
    lastUsedAt: number % 8 === 1 ? at(13) : null,
    revokedAt: number % 16 === 1 ? at(14) : null,
  });
  rows.sinks.push({
    id: `snk_${id}`,
    connectionId,
    kind: (["env_file", "json_file", "redis", "webhook"] as const)[number % 4] ?? "redis",
    name: "Uploader 测试",
    target: "https://reader.test/tokens",
    sealedSettings: sealSinkFor?.(`snk_${id}`) ?? `v1.k1.sink-${id}`,
    createdAt: at(12),
    updatedAt: at(12),
    generation: 1 + (number % 5),
    nextDeliveryAt: isFailing ? at(14) : null,
    failedAttempts: isFailing ? 2 : 0,
    lastErrorCode: isFailing ? "unreachable" : null,
    deliveredAt: isFailing ? null : at(13),
    deliveredTokenIssuedAt: isFailing ? null : at(10),
  });
  rows.sinkDeliveries.push({
    id: `rct_${id}`,
    sinkId: `snk_${id}`,
    startedAt: at(13),
    durationMs: number,
    tokenIssuedAt: at(10),
    httpStatus: isFailing ? 503 : 204,
    errorCode: isFailing ? "unreachable" : null,
  });
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
