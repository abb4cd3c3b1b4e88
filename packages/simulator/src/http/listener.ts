import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Listener } from "../faults/outage.ts";
import { SimulatorError } from "../simulator-error.ts";
import { isLoopbackHost } from "./loopback.ts";

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The listening socket: it can go down and come back on the same port, and it can end at once. */
export type HttpListener = Listener & { readonly port: number; close(): Promise<void> };

/**
 * Listens on a loopback address.
 *
 * @throws {SimulatorError} `invalid_input` for any other address, `port_taken` when somebody listens there already.
 */
export async function openListener(
  host: string,
  port: number,
  handle: RequestHandler,
): Promise<HttpListener> {
  if (!isLoopbackHost(host)) {
    throw new SimulatorError("invalid_input", "The simulator listens on a loopback address only.");
  }
  const sockets = new Set<Socket>();
  // most requests have no body, and following a stream of nothing costs as much as answering them
  const server = createServer({ keepAlive: true, optimizeEmptyRequests: true }, handle);
  server.keepAliveTimeout = 120_000; // an idle connection is closed by a fault rule, never by chance
  server.on("connection", (socket) => {
    if (!isLoopbackHost(socket.remoteAddress ?? "")) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // a client that hangs up mid-request is an everyday event here
  server.on("clientError", (_error, socket) => socket.destroy());
  await listen(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  let state: "up" | "down" | "closed" = "up";

  function comeBack(): void {
    listen(server, host, bound).catch(() => {
      // somebody else may hold the port for a moment; without it nothing here can be reached
      setTimeout(() => {
        if (state === "up") comeBack();
      }, 50);
    });
  }

  return {
    port: bound,
    suspend() {
      if (state !== "up") return;
      state = "down";
      server.close();
      // the request that ordered the outage may still be waiting for its answer
      for (const socket of sockets) if (!answeringControl.has(socket)) socket.resetAndDestroy();
    },
    resume() {
      if (state !== "down") return;
      state = "up";
      comeBack();
    },
    async close() {
      if (state === "closed") return;
      const wasUp = state === "up";
      state = "closed";
      const closed = Promise.withResolvers<void>();
      if (wasUp) server.close(() => closed.resolve());
      else closed.resolve();
      for (const socket of sockets) socket.destroy();
      await closed.promise;
    },
  };
}

/** Sockets on which a control request is being answered; an outage spares them until they are done. */
export const answeringControl = new WeakSet<Socket>();

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: NodeJS.ErrnoException) => {
    const isTaken = error.code === "EADDRINUSE";
    const why = isTaken
      ? `Port ${port} is taken: something else listens there.`
      : `The simulator cannot listen on port ${port}.`;
    reject(new SimulatorError(isTaken ? "port_taken" : "invalid_input", why, { cause: error }));
  };
  server.once("error", fail);
  server.listen(port, host, () => {
    server.off("error", fail);
    resolve();
  });
  await promise;
}
