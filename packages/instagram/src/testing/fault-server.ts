import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** What a test server does with each request it reads: the raw request, and its number from 1. */
export type FaultHandler = (socket: Socket, request: string, number: number) => void;

/** A server that speaks HTTP/1.1 only as well as the test wants it to. */
export type FaultServer = AsyncDisposable & {
  origin: string;
  requests: string[];
  connections: () => number;
};

/** Starts one on a free port of the loopback interface; with key and certificate it speaks TLS and would rather have HTTP/2. */
export async function startFaultServer(handle: FaultHandler, tls?: TlsOptions): Promise<FaultServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const onConnection = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy()); // the client hanging up is part of many tests
    let pending = "";
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let end = endOfRequest(pending); end !== -1; end = endOfRequest(pending)) {
        const request = pending.slice(0, end);
        pending = pending.slice(end);
        requests.push(request);
        handle(socket, request, requests.length);
      }
    });
  };
  const server: Server =
    tls === undefined
      ? createServer(onConnection)
      : createTlsServer({ ...tls, ALPNProtocols: ["h2", "http/1.1"] }, onConnection);
  server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    requests,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Where the first whole request in the text ends, or -1. */
function endOfRequest(text: string): number {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return -1;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? "0";
  const end = headEnd + 4 + Number(length);
  return text.length >= end ? end : -1;
}

/** A whole answer as bytes on the wire. */
export function rawAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries({ "content-length": String(Buffer.byteLength(body)), ...headers });
  return `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
