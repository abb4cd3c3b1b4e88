import { underRequest } from "@perennial/connections";
import type { IncomingMessage } from "node:http";

import { refuseForeign } from "./guard.ts";
import {
  createAnswerWriter,
  createTurnEnd,
  headerOf,
  type Answer,
  type FastPath,
  type FastPathOptions,
} from "./node-answer.ts";
import { requestIdOf } from "./request-id.ts";
import type { RequestFacts } from "./request-context.ts";
import { loneMutationOf, type TrpcHandler } from "./trpc-handler.ts";

const decoder = new TextDecoder();

/**
 * Mutations by themselves, as our pages send them, by the shortest way: from Node's request to the procedure and back,
 * without the web's Request and Response between. It takes only what nothing is to be said against; all else, every
 * refusal too, is Hono's.
 */
export function createFastMutation(
  options: FastPathOptions & {
    serveMutation: TrpcHandler["serveMutation"];
    appUrl: string;
    mostBodyBytes: number;
  },
): FastPath {
  const { serveMutation, clientAddress, gate, appUrl, mostBodyBytes, onAnswered } = options;
  const write = createAnswerWriter(options.fixed);
  const atTurnEnd = createTurnEnd();

  const isPlain = (request: IncomingMessage, header: RequestFacts["header"]): boolean => {
    const length = header("content-length");
    return (
      length !== undefined &&
      Number(length) <= mostBodyBytes &&
      header("transfer-encoding") === undefined &&
      header("expect") === undefined &&
      header("accept") !== "text/event-stream" &&
      refuseForeign({ method: request.method ?? "", header }, appUrl) === null
    );
  };

  return (request, response) => {
    const { method = "", url = "" } = request;
    const path = loneMutationOf(method, url);
    if (path === null) return false;
    const header = (name: string): string | undefined => headerOf(request, name);
    if (!isPlain(request, header) || !gate.enter()) return false;
    const startedAtMs = performance.now();
    const requestId = requestIdOf(header("x-request-id"));
    const facts = {
      header,
      hostname: () => new URL(`http://${header("host") ?? ""}`).hostname,
      address: clientAddress(request.socket.remoteAddress, header("x-forwarded-for")),
    };
    const send = (answer: Answer): void => {
      write(response, requestId, answer);
      onAnswered({ requestId, method, path: url, status: answer.status, startedAtMs });
    };
    void readBody(request)
      .then(async (body) => {
        if (body === null) return;
        const readBody = (): Promise<string> => Promise.resolve(body);
        // It answers whatever happens: there are no rejections.
        const answer = await underRequest(requestId, () =>
          serveMutation({ path, facts, readBody, requestId }),
        );
        atTurnEnd(() => send(answer));
      })
      .finally(() => gate.leave());
    return true;
  };
}

/** The body, whose length the server has checked; null when whoever sends it hangs up before its end. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
    request.on("error", () => resolve(null));
    request.on("close", () => resolve(null));
  });
}
