import { connect, type Socket } from "node:net";

/** One answer. `head` is its status line and headers, `body` its bytes as Latin-1. */
export type PlainAnswer = { status: number; head: string; body: string };

/** One request to a {@link PlainClient}. */
export type PlainRequest = {
  method: "GET" | "POST";
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
};

/** Asks one server of this machine, over as many keep-alive connections as requests are under way at once. */
export type PlainClient = Disposable & { ask(request: PlainRequest): Promise<PlainAnswer> };

type Asked = { resolve: (answer: PlainAnswer) => void; reject: (error: Error) => void };

/**
 * A client that does as little as can be: what a load costs to make, it takes from the server on a machine with
 * few cores. It knows answers with a Content-Length, and no others.
 */
export function createPlainClient(port: number): PlainClient {
  const idle: Socket[] = [];
  const open = new Map<Socket, Asked | null>();

  const connection = (): Socket => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    readAnswers(socket, (answer) => {
      const asked = open.get(socket);
      open.set(socket, null);
      idle.push(socket);
      asked?.resolve(answer);
    });
    const fail = (error: Error): void => {
      open.get(socket)?.reject(error);
      open.delete(socket);
      if (idle.includes(socket)) idle.splice(idle.indexOf(socket), 1);
    };
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("A server closed a connection.")));
    return socket;
  };

  return {
    ask: ({ method, path, headers = {}, body = "" }) =>
      new Promise((resolve, reject) => {
        const socket = idle.pop() ?? connection();
        open.set(socket, { resolve, reject });
        let text = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
        for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
        if (body !== "") text += `content-length: ${Buffer.byteLength(body)}\r\n`;
        socket.write(`${text}\r\n${body}`);
      }),
    [Symbol.dispose]: () => {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

/** Tells of each whole answer that comes over a connection on which one request at a time is under way. */
export function readAnswers(socket: Socket, onAnswer: (answer: PlainAnswer) => void): void {
  let received = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    received += chunk;
    const end = received.indexOf("\r\n\r\n");
    if (end === -1) return;
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(received) ?? [];
    if (length === undefined || received.length < end + 4 + Number(length)) return;
    const answer = received;
    received = "";
    const status = Number(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length));
    onAnswer({ status, head: answer.slice(0, end), body: answer.slice(end + 4) });
  });
}
