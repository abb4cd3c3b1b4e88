import type { Call, FlavourName, Subject } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";

/** How an answer travels. Everything but `whole` leaves the client with less than it hoped for. */
export type Passage =
  | { kind: "whole" }
  /** Whole, but the kept-alive connection dies when the client uses it again. */
  | { kind: "whole_then_race" }
  | { kind: "reset" }
  | { kind: "silence" }
  | { kind: "stall"; after: "headers" | "half" }
  | { kind: "drip"; bytesPerSecond: number }
  | { kind: "truncate"; bytes: number; framing: "length" | "chunked" }
  | { kind: "flood"; flood: "body" | "gzip" | "header"; bytes: number };

/** A request on its way through a rule. */
export type FaultContext = { world: World; flavour: FlavourName; call: Call; subject: Subject };

/** What a rule does to a request, step by step. Absent steps leave the request alone. */
export type FaultEffect = {
  /** Requests it can be used on; others do not even count. */
  appliesTo?(call: Call): boolean;
  /** Before processing: a wait in real milliseconds, drawn from the rule's own randomness. */
  delayMs?(random: Random): number;
  /** Before processing: changes what the request or its subject carries. */
  prepare?(context: FaultContext): void;
  /** Limits how many requests are inside at once; the rest gets this rule's `replace`. */
  capacity?: { limit: number; inside: number };
  /** An answer in place of the true one. */
  replace?(context: FaultContext): Reply;
  /** Whether the request takes effect although its answer is replaced or lost. Default true. */
  isProcessed?: boolean;
  /** After processing: changes the true answer. */
  rewrite?(reply: Reply, context: FaultContext): Reply;
  /** After processing: a wait in real milliseconds. */
  lateMs?(random: Random): number;
  passage?: Passage;
};
