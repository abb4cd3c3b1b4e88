import { underRequest } from "@perennial/connections";

import {
  createAnswerWriter,
  createTurnEnd,
  headerOf,
  type Answer,
  type FastPath,
  type FastPathOptions,
} from "../node-answer.ts";
import { requestIdOf } from "../request-id.ts";
import { refusal } from "./answer.ts";
import type { Service } from "./service.ts";

const PREFIX = "/v1/connections/";
const TOKEN_ADDRESS = /^\/v1\/connections\/([A-Za-z0-9_-]{1,64})\/token(?:\?([^#]*))?$/;

/**
 * Hand-outs by the shortest way: what other code asks for most often goes from Node's request to the use case and
 * back, without the web's Request and Response between, which cost more than all that Perennial does for it. The
 * answer is that of the route in Hono.
 */
export function createFastToken(options: FastPathOptions & { service: Service }): FastPath {
  const { service, clientAddress, gate, onAnswered } = options;
  const write = createAnswerWriter(options.fixed);
  const atTurnEnd = createTurnEnd();

  return (request, response) => {
    const { method, url = "", headers } = request;
    if (method !== "GET" || !url.startsWith(PREFIX)) return false;
    const [, connectionId, query = ""] = TOKEN_ADDRESS.exec(url) ?? [];
    if (connectionId === undefined) return false;
    const startedAtMs = performance.now();
    const requestId = requestIdOf(headerOf(request, "x-request-id"));
    if (!gate.enter()) {
      write(response, requestId, refusal("overloaded", requestId));
      return true;
    }
    const asked = {
      requestId,
      query,
      authorization: headers.authorization,
      ifNoneMatch: headers["if-none-match"],
      address: clientAddress(request.socket.remoteAddress, headerOf(request, "x-forwarded-for")),
    };
    const send = (answer: Answer): void => {
      gate.leave();
      write(response, requestId, answer);
      const path = `${PREFIX}${connectionId}/token`;
      onAnswered({ requestId, method, path, status: answer.status, startedAtMs });
    };
    // The service answers whatever happens: it has no rejections.
    const answer = underRequest(requestId, () => service.token(asked, connectionId));
    const sendAtTurnEnd = (made: Answer): void => atTurnEnd(() => send(made));
    if (answer instanceof Promise) void answer.then(sendAtTurnEnd);
    else sendAtTurnEnd(answer);
    return true;
  };
}
