import type { IncomingMessage } from "node:http";

/**
 * Collects a body up to a limit; what comes beyond it stays unread. Goes by the stream's events: its iterator costs more
 * than all the rest of a small request.
 *
 * @throws {RangeError} for a longer body, and what the stream says of a client that hung up.
 */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  if (request.readableEnded) return Promise.resolve(Buffer.alloc(0)); // there is none, and no event will say so
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      reject(new RangeError("The body is too long."));
    });
    request.once("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.once("error", reject);
  });
}
