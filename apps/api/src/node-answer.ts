import type { IncomingMessage, ServerResponse } from "node:http";

import type { ClientAddress } from "./client-address.ts";
import type { OverloadGate } from "./overload.ts";

type Header = readonly [name: string, value: string];

/** An answer, before it is one of Node's or of Hono's. */
export type Answer = { status: number; headers: readonly Header[]; body: string | null };

/** Takes a request and answers it, or says false and leaves it alone. */
export type FastPath = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A request that was answered, for the log. The path alone: never a query. */
export type Answered = {
  requestId: string;
  method: string;
  path: string;
  status: number;
  startedAtMs: number;
};

/** What every short way needs. */
export type FastPathOptions = {
  clientAddress: ClientAddress;
  gate: OverloadGate;
  /** The headers that every answer has. */
  fixed: readonly Header[];
  onAnswered: (answered: Answered) => void;
};

/** Writes answers of Node's server with the headers that every answer has. */
export function createAnswerWriter(
  fixed: readonly Header[],
): (response: ServerResponse, requestId: string, answer: Answer) => void {
  const flat = fixed.flat();
  return (response, requestId, { status, headers, body }) => {
    const all = [...flat, "x-request-id", requestId];
    for (const [name, value] of headers) all.push(name, value);
    const length = body === null ? 0 : Buffer.byteLength(body);
    if (body !== null) all.push("content-length", String(length));
    response.writeHead(status, all);
    // Plain letters need no encoding, which is dear for a text that was put together of many.
    response.end(body ?? undefined, length === body?.length ? "latin1" : "utf8");
  };
}

/**
 * Does what comes up in a turn of the event loop at its end, all of it in a row. Of answers: whoever waits for them, a
 * proxy on this machine for one, is woken once for all of a turn, which costs more than all that is done for one.
 */
export function createTurnEnd(): (work: () => void) => void {
  let works: (() => void)[] = [];
  const doAll = (): void => {
    const now = works;
    works = [];
    for (const work of now) work();
  };
  return (work) => {
    if (works.push(work) === 1) setImmediate(doAll);
  };
}

/** One header of Node's request; what may come more than once is joined already, but for cookies of answers. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}
