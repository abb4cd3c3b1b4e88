import { underRequest } from "@perennial/connections";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { ClientAddress } from "../client-address.ts";
import type { OverloadGate } from "../overload.ts";
import { requestIdOf } from "../request-id.ts";
import { refusal, type Answer } from "./answer.ts";
import type { Service } from "./service.ts";

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

const PREFIX = "/v1/connections/";
const TOKEN_ADDRESS = /^\/v1\/connections\/([A-Za-z0-9_-]{1,64})\/token(?:\?([^#]*))?$/;

/**
 * Hand-outs by the shortest way: what other code asks for most often goes from Node's request to the use case and
 * back, without the web's Request and Response between, which cost more than all that Perennial does for it. The
 * answer is that of the route in Hono.
 */
export function createFastToken(options: {
  service: Service;
  clientAddress: ClientAddress;
  gate: OverloadGate;
  /** The headers that every answer has. */
  fixed: readonly (readonly [string, string])[];
  onAnswered: (answered: Answered) => void;
}): FastPath {
  const { service, clientAddress, gate, onAnswered } = options;
  const fixed = options.fixed.flat();

  const write = (response: ServerResponse, requestId: string, { status, headers, body }: Answer): void => {
    const all = [...fixed, "x-request-id", requestId];
    for (const [name, value] of headers) all.push(name, value);
    const length = body === null ? 0 : Buffer.byteLength(body);
    if (body !== null) all.push("content-length", String(length));
    response.writeHead(status, all);
    // Plain letters need no encoding, which is dear for a text that was put together of many.
    response.end(body ?? undefined, length === body?.length ? "latin1" : "utf8");
  };

  const atTurnEnd = createTurnEnd();

  return (request, response) => {
    const { method, url = "", headers } = request;
    if (method !== "GET" || !url.startsWith(PREFIX)) return false;
    const [, connectionId, query = ""] = TOKEN_ADDRESS.exec(url) ?? [];
    if (connectionId === undefined) return false;
    const startedAtMs = performance.now();
    const sent = headers["x-request-id"];
    const requestId = requestIdOf(typeof sent === "string" ? sent : undefined);
    if (!gate.enter()) {
      write(response, requestId, refusal("overloaded", requestId));
      return true;
    }
    const forwardedFor = headers["x-forwarded-for"];
    const asked = {
      requestId,
      query,
      authorization: headers.authorization,
      ifNoneMatch: headers["if-none-match"],
      address: clientAddress(
        request.socket.remoteAddress,
        typeof forwardedFor === "string" ? forwardedFor : undefined,
      ),
    };
    const send = (answer: Answer): void => {
      gate.leave();
      write(response, requestId, answer);
      const path = `${PREFIX}${connectionId}/token`;
      onAnswered({ requestId, method, path, status: answer.status, startedAtMs });
    };
    // The service answers whatever happens: it has no rejections.
    const answer = underRequest(requestId, () => service.token(asked, connectionId));
    if (answer instanceof Promise) void answer.then(send);
    else atTurnEnd(() => send(answer));
    return true;
  };
}

/**
 * Does what comes up in a turn of the event loop at its end, all of it in a row. Of answers: whoever waits for them, a
 * proxy on this machine for one, is woken once for all of a turn, which costs more than all that is done for one.
 */
function createTurnEnd(): (work: () => void) => void {
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
