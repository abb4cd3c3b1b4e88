import type { ConnectionsDeps } from "../deps.ts";
import { sinkWriterOf } from "./deliver-to-sink.ts";
import {
  listSinks,
  removeSink,
  saveSink,
  sinkReceipts,
  testSink,
  type OfSink,
  type SavedSink,
  type SaveSinkRequest,
} from "./manage-sinks.ts";
import type { SinkDelivery } from "./sink-delivery.ts";
import type { SinkKindView, SinkOrigin } from "./sink-writer.ts";
import type { SinkReceiptView, SinkView } from "./view-sink.ts";

/** The use cases around sinks: the places where a token is read. */
export type Sinks = {
  /** Who reads a connection's token. @throws {ConnectionError} see {@link listSinks} */
  list(of: { connectionId: string; userId: string | null }): Promise<SinkView[]>;
  /** Sets one up, or up anew. @throws {ConnectionError} see {@link saveSink} */
  save(request: SaveSinkRequest): Promise<SavedSink>;
  /** Forgets one. @throws {ConnectionError} `sink_not_found` */
  remove(of: OfSink): Promise<void>;
  /** Delivers to one now. @throws {ConnectionError} see {@link testSink} */
  test(of: OfSink): Promise<SinkReceiptView>;
  /** What was tried, newest first. @throws {ConnectionError} `sink_not_found` */
  receipts(of: OfSink & { limit: number }): Promise<SinkReceiptView[]>;
  /** Which kinds can be set up, and why not the others. */
  kinds(origin: SinkOrigin): SinkKindView[];
  /** Begins to deliver to what waits, in the background; returns how many. @throws what the store throws */
  deliver(): Promise<number>;
  /** Tells webhooks that their connection was erased, those that wait for it; returns how many. @throws what the store throws */
  sayFarewells(): Promise<number>;
  /** Delivers to what waits until nothing does, but for what is to be tried again later. */
  settle(): Promise<void>;
  /** Ends the deliveries of this process. */
  stop(): Promise<void>;
};

/** Binds them. What is due by what they do is delivered at once. */
export function createSinks(deps: ConnectionsDeps, delivery: SinkDelivery): Sinks {
  return {
    list: (of) => listSinks(deps, of),
    save: async (request) => {
      const saved = await saveSink(deps, request);
      delivery.wake();
      return saved;
    },
    remove: (of) => removeSink(deps, of),
    test: (of) => testSink(deps, of),
    receipts: (of) => sinkReceipts(deps, of),
    kinds: (origin) => sinkWriterOf(deps).writer.kinds(origin),
    deliver: delivery.begin,
    sayFarewells: delivery.sayFarewells,
    settle: delivery.settle,
    stop: delivery.stop,
  };
}
