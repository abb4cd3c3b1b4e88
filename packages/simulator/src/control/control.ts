import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answeringControl } from "../http/listener.ts";
import { readBody } from "../http/read-body.ts";
import { JSON_TYPE, jsonReply, type Reply } from "../http/reply.ts";
import type { Simulator } from "../simulator.ts";
import { SimulatorError, type SimulatorErrorCode } from "../simulator-error.ts";
import { facebookRoutes } from "./facebook-routes.ts";
import { readObject } from "./input.ts";
import { peopleRoutes } from "./people-routes.ts";
import { switchRoutes } from "./switch-routes.ts";
import { truthRoutes } from "./truth-routes.ts";

/** One control request as its route sees it. */
type ControlInput = { body: Record<string, unknown>; query: URLSearchParams };

/** Answers one control path; what it returns is sent as JSON. */
export type ControlRoute = (input: ControlInput) => unknown;

export type Control = {
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
    send: (reply: Reply) => void,
  ): void;
};

const MOST_BODY_BYTES = 16 * 1_048_576;

const STATUS: Record<SimulatorErrorCode, number> = {
  invalid_input: 400,
  not_built: 501,
  unknown_user: 404,
  unknown_gate: 404,
  port_taken: 500,
  authorization_stopped: 409,
  callback_not_configured: 409,
};

/** The switches over HTTP. Reading is free to this machine; changing anything takes the control secret. */
export function createControl(simulator: Simulator): Control {
  const routes = new Map<string, ControlRoute>([
    ...switchRoutes(simulator),
    ...peopleRoutes(simulator),
    ...facebookRoutes(simulator),
    ...truthRoutes(simulator),
  ]);
  const paths = new Set([...routes.keys()].map((key) => key.slice(key.indexOf(" ") + 1)));
  const secretHash = hash("sha256", simulator.controlSecret, "buffer");

  function mayChange(request: IncomingMessage): boolean {
    const given = request.headers["x-sim-secret"];
    return typeof given === "string" && timingSafeEqual(hash("sha256", given, "buffer"), secretHash);
  }

  async function change(request: IncomingMessage, route: ControlRoute, query: string): Promise<Reply> {
    const body = readObject(await readBody(request, MOST_BODY_BYTES));
    return jsonReply(200, await route({ body, query: new URLSearchParams(query) }));
  }

  return {
    serve(request, response, path, query, send) {
      if (path === "/__sim/clock" && request.method === "GET") {
        send(clockReply(simulator));
        return;
      }
      const method = request.method ?? "GET";
      const route = routes.get(`${method} ${path}`);
      if (route === undefined) {
        send(jsonReply(paths.has(path) ? 405 : 404, problem(`The simulator has no ${method} ${path}.`)));
      } else if (method === "GET") {
        run(() => jsonReply(200, route({ body: {}, query: new URLSearchParams(query) })), send);
      } else if (!mayChange(request)) {
        send(jsonReply(401, problem("Changing the simulator takes its control secret in x-sim-secret.")));
      } else {
        const { socket } = request;
        answeringControl.add(socket);
        response.once("close", () => answeringControl.delete(socket));
        change(request, route, query).then(send, (error: unknown) => send(refusal(error)));
      }
    },
  };
}

function run(make: () => Reply, send: (reply: Reply) => void): void {
  let reply: Reply;
  try {
    reply = make();
  } catch (error) {
    reply = refusal(error);
  }
  send(reply);
}

/** Polled several times a second by whoever follows the clock. */
function clockReply(simulator: Simulator): Reply {
  const { nowMs, offsetMs, rate } = simulator.clock.state();
  const body = `{"now_ms":${nowMs},"offset_ms":${offsetMs},"rate":${rate}}`;
  return { status: 200, contentType: JSON_TYPE, headers: ["Cache-Control", "no-store"], body };
}

function refusal(error: unknown): Reply {
  if (error instanceof SimulatorError) {
    return jsonReply(STATUS[error.code], problem(error.message, error.code));
  }
  if (error instanceof RangeError) return jsonReply(413, problem("The body is too long."));
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  return jsonReply(500, problem("The simulator itself failed; its standard error says how."));
}

function problem(message: string, code = "invalid_input"): { error: { code: string; message: string } } {
  return { error: { code, message } };
}
