import type { AuditEvent, ConnectionRecord, NewSink, SinkRecord } from "@perennial/db";

import { auditEvent } from "../audit/audit-event.ts";
import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { ownConnection } from "../held-connection.ts";
import { newId, nextRandomBytes, randomText } from "../ids.ts";
import { deliverToSink, SINK_LEASE_MS, sinkWriterOf } from "./deliver-to-sink.ts";
import { openSink, sealSink } from "./sealed-settings.ts";
import { targetOf, type SinkSettings } from "./settings.ts";
import type { OpenedSink, SinkOrigin } from "./sink-writer.ts";
import { viewReceipt, viewSink, type SinkReceiptView, type SinkView } from "./view-sink.ts";

/** The sinks that a connection may have. */
export const MOST_SINKS = 20;

const SECRET_BYTES = 32;
/** Somebody else's delivery is waited for: longer than one may take. */
const BUSY_WAIT_MS = 12_000;
const BUSY_STEP_MS = 50;

/** Whose sink: a user's own, or anybody's where that is null. */
export type OfSink = { id: string; userId: string | null };

/** A sink to be set up, or set up anew. */
export type SaveSinkRequest = {
  /** Null for a new one. */
  id: string | null;
  connectionId: string;
  /** The user who asks; null for operators. */
  userId: string | null;
  origin: SinkOrigin;
  name: string;
  /** Null leaves them as they are, secrets too. */
  settings: SinkSettings | null;
};

/** A sink that was set up. The secret of a webhook is shown this once; null where none was made. */
export type SavedSink = { sink: SinkView; webhookSecret: string | null };

/**
 * Sets a sink up; the present token is due there at once. Settings of the same kind keep a webhook's secret.
 *
 * @throws {ConnectionError} `connection_not_found`, `sink_not_found`, `sink_not_allowed`, `sink_limit_reached`, and
 *   `sink_invalid` for a new one without settings.
 */
export async function saveSink(deps: ConnectionsDeps, request: SaveSinkRequest): Promise<SavedSink> {
  const connection = await ownConnection(deps, request);
  const before = request.id === null ? null : await sinkOf(deps, connection, request.id);
  const { sink: opened, madeSecret } = await openedSink(deps, request, before);
  const id = before?.id ?? newId("snk");
  const row = {
    id,
    connectionId: connection.id,
    kind: opened.settings.kind,
    name: request.name,
    target: targetOf(opened.settings),
    sealedSettings: sealSink(deps, id, opened),
  };
  const detail = { kind: row.kind, isNew: before === null, connectionId: connection.id };
  const audit = auditEvent(deps, "sink.saved", { userId: connection.userId, subjectId: id, detail });
  if (before === null) await create(deps, { ...row, createdAt: deps.wallNow() }, audit);
  else if (!(await deps.store.updateSink({ ...row, updatedAt: deps.wallNow() }, audit)))
    throw new ConnectionError("sink_not_found");
  const saved = await sinkOf(deps, connection, id);
  return { sink: viewSink(saved, connection), webhookSecret: madeSecret };
}

async function create({ store }: ConnectionsDeps, sink: NewSink, audit: AuditEvent): Promise<void> {
  const result = await store.createSink({ sink, most: MOST_SINKS }, audit);
  if (result === "missing") throw new ConnectionError("connection_not_found");
  if (result === "too_many") throw new ConnectionError("sink_limit_reached");
}

async function openedSink(
  deps: ConnectionsDeps,
  { settings, origin }: SaveSinkRequest,
  before: SinkRecord | null,
): Promise<{ sink: OpenedSink; madeSecret: string | null }> {
  if (settings === null) {
    if (before === null) throw new ConnectionError("sink_invalid", { detail: "It has no settings." });
    return { sink: openSink(deps, before), madeSecret: null };
  }
  const admitted = await sinkWriterOf(deps).writer.admit(settings, origin);
  if (settings.kind !== "webhook")
    return { sink: { origin, settings: admitted, secret: null }, madeSecret: null };
  const kept = before?.kind === "webhook" ? openSink(deps, before).secret : null;
  const madeSecret = kept === null ? `whsec_${nextRandomBytes(SECRET_BYTES).toString("base64")}` : null;
  return { sink: { origin, settings: admitted, secret: kept ?? madeSecret }, madeSecret };
}

/** Who reads a connection's token, oldest first. @throws {ConnectionError} `connection_not_found` */
export async function listSinks(
  deps: ConnectionsDeps,
  of: { connectionId: string; userId: string | null },
): Promise<SinkView[]> {
  const connection = await ownConnection(deps, of);
  return (await deps.store.listSinks(connection.id)).map((sink) => viewSink(sink, connection));
}

/**
 * Forgets a sink. What it holds stays there until the token's own end.
 *
 * @throws {ConnectionError} `sink_not_found`
 */
export async function removeSink(deps: ConnectionsDeps, of: OfSink): Promise<void> {
  const { sink, connection } = await ownSink(deps, of);
  const detail = { kind: sink.kind, connectionId: connection.id };
  const audit = auditEvent(deps, "sink.removed", { userId: connection.userId, subjectId: sink.id, detail });
  await deps.store.deleteSink(sink, audit);
}

/**
 * Delivers the present token now, due or not, and gives the receipt.
 *
 * @throws {ConnectionError} `sink_not_found`; `sink_busy` while another delivery does not end.
 */
export async function testSink(deps: ConnectionsDeps, of: OfSink): Promise<SinkReceiptView> {
  const { sink } = await ownSink(deps, of);
  for (let waitedMs = 0; waitedMs < BUSY_WAIT_MS; waitedMs += BUSY_STEP_MS) {
    const claim = await deps.store.claimSink({ id: sink.id, owner: randomText(12), leaseMs: SINK_LEASE_MS });
    if (claim.kind === "missing") throw new ConnectionError("sink_not_found");
    if (claim.kind === "leased") {
      const { signal } = new AbortController();
      return viewReceipt(await deliverToSink(deps, claim, { signal, isTest: true }));
    }
    await new Promise((resolve) => setTimeout(resolve, BUSY_STEP_MS));
  }
  throw new ConnectionError("sink_busy");
}

/** What was tried, newest first. @throws {ConnectionError} `sink_not_found` */
export async function sinkReceipts(
  deps: ConnectionsDeps,
  { limit, ...of }: OfSink & { limit: number },
): Promise<SinkReceiptView[]> {
  const { sink } = await ownSink(deps, of);
  return (await deps.store.listSinkDeliveries({ sinkId: sink.id, limit })).map(viewReceipt);
}

/** Another's sink and one that is not there look the same. */
async function ownSink(
  deps: ConnectionsDeps,
  { id, userId }: OfSink,
): Promise<{ sink: SinkRecord; connection: ConnectionRecord }> {
  const sink = await deps.store.findSink(id);
  const connection = sink === null ? null : await deps.store.findConnectionById(sink.connectionId);
  const isTheirs = userId === null || connection?.userId === userId;
  if (sink === null || connection === null || !isTheirs) throw new ConnectionError("sink_not_found");
  return { sink, connection };
}

async function sinkOf(
  { store }: ConnectionsDeps,
  { id }: ConnectionRecord,
  sinkId: string,
): Promise<SinkRecord> {
  const sink = await store.findSink(sinkId);
  if (sink === null || sink.connectionId !== id) throw new ConnectionError("sink_not_found");
  return sink;
}
