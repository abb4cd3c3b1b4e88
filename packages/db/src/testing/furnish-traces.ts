import { NAMES, type Rows, type Trace } from "./furniture.ts";

/** What a connection leaves: its history, and now and then a session or a sign-in that is under way. */
export function addTraces(
  rows: Rows,
  { number, id, user, connectionId, flavour, at, sealChoiceFor }: Trace,
): void {
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

/** What somebody was told, and how far its webhook is. */
export function addAlert(rows: Rows, { number, id, user, connectionId, flavour, at }: Trace): void {
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
export function addReaders(rows: Rows, { number, id, user, connectionId, at, sealSinkFor }: Trace): void {
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
