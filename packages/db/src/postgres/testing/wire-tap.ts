import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What went from the store to the server. */
export type Tapped = {
  /** Names of the settings a connection was started with. */
  startup: Set<string>;
  /** The name of each statement that was prepared. */
  statementNames: string[];
  /** The text of each statement, prepared or not. */
  texts: string[];
};

/** A proxy in front of a server. */
export type WireTap = AsyncDisposable & {
  url: string;
  tapped: Tapped;
  /** Cuts the next connection that commits: when it is done, and what was given too, and before the store hears of it. */
  cutNextCommit: (meanwhile?: () => Promise<void>) => void;
};

type Message = { type: string; body: Buffer; whole: Buffer };

const HEADER_BYTES = 5;
const NOTIFICATION = "A";
const COMMAND_COMPLETE = "C";

/**
 * Passes everything on between a store and its server and notes what the store says. With
 * `dropsNotifications` it does to hints what a pooler in transaction mode does.
 */
export async function tapWire(
  databaseUrl: string,
  options: { dropsNotifications?: boolean } = {},
): Promise<WireTap> {
  const target = new URL(databaseUrl);
  const tapped: Tapped = { startup: new Set(), statementNames: [], texts: [] };
  const sockets = new Set<Socket>();
  let beforeCut: (() => Promise<void>) | null = null;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    const note = noteMessages(tapped);
    client.on("data", (chunk: Buffer) => {
      note(chunk);
      upstream.write(chunk);
    });
    const messages = splitMessages();
    upstream.on("data", (chunk: Buffer) => {
      for (const message of messages(chunk)) {
        if (
          beforeCut !== null &&
          message.type === COMMAND_COMPLETE &&
          message.body.toString() === "COMMIT\0"
        ) {
          const meanwhile = beforeCut;
          beforeCut = null;
          void meanwhile().finally(() => client.destroy());
          return;
        }
        if (message.type !== NOTIFICATION || options.dropsNotifications !== true) client.write(message.whole);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    tapped,
    cutNextCommit: (meanwhile = async () => undefined) => {
      beforeCut = meanwhile;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Puts chunks together to messages: a letter, a length that counts itself, a body. */
function splitMessages(): (chunk: Buffer) => Message[] {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    while (rest.length >= HEADER_BYTES && rest.length > rest.readUInt32BE(1)) {
      const end = 1 + rest.readUInt32BE(1);
      const whole = rest.subarray(0, end);
      messages.push({ type: whole.toString("latin1", 0, 1), body: whole.subarray(HEADER_BYTES), whole });
      rest = rest.subarray(end);
    }
    return messages;
  };
}

function noteMessages(tapped: Tapped): (chunk: Buffer) => void {
  const messages = splitMessages();
  let isStarted = false;
  return (chunk) => {
    if (!isStarted) {
      isStarted = true; // the first message has no letter: length, version, pairs of texts
      const words = chunk.toString("utf8", 8).split("\0");
      for (let index = 0; index < words.length - 1 && words[index] !== ""; index += 2) {
        tapped.startup.add(words[index] ?? "");
      }
      return;
    }
    for (const { type, body } of messages(chunk)) {
      const [first = "", second = ""] = body.toString("utf8").split("\0");
      if (type === "Q") tapped.texts.push(first);
      if (type === "P") {
        tapped.statementNames.push(first);
        tapped.texts.push(second);
      }
    }
  };
}
