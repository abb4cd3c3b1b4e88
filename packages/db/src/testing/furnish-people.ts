import type { MovedRows } from "../move/rows.ts";
import { addGone } from "./furnish-gone.ts";
import { addAlert, addReaders, addTraces } from "./furnish-traces.ts";
import { NAMES, type Furniture, type Rows } from "./furniture.ts";

const FIRST_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const SCOPES = ["instagram_business_basic", "instagram_business_content_publish", 'odd, "scope" [1]'];

/** Somebody with their connection and all that hangs on it. */
export function addPerson(rows: Rows, furniture: Furniture, number: number): void {
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
