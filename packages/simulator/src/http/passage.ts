import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createGzip } from "node:zlib";
import type { Passage } from "../faults/effect.ts";
import type { Timers } from "../timers.ts";
import type { Reply } from "./reply.ts";

/** Where bytes go and how many went: the ledger's view of a response. */
export type Delivering = {
  response: ServerResponse;
  /** Head fields every answer has, the virtual date among them. */
  head(reply: Reply): string[];
  timers: Timers;
  /** Connections that die when they are used again. */
  doomed: WeakSet<Socket>;
  sent(bytes: number): void;
};

/** Sends an answer the way a rule wants it sent. Resolves to whether the client could have got all of it. */
export async function deliver(
  to: Delivering,
  reply: Reply | undefined,
  passage: Passage,
): Promise<"complete" | "cut" | "none"> {
  const { response } = to;
  const socket = response.socket;
  if (socket === null || socket.destroyed) return "none";
  if (passage.kind === "reset") {
    socket.resetAndDestroy();
    return "none";
  }
  if (passage.kind === "silence") {
    await closed(response);
    return "none";
  }
  if (passage.kind === "flood") return flood(to, passage);
  if (reply === undefined) throw new Error(`Nothing to send by "${passage.kind}".`);
  const body = Buffer.from(reply.body);
  if (passage.kind === "stall") return stall(to, reply, body, passage.after);
  if (passage.kind === "drip") return drip(to, reply, body, passage.bytesPerSecond);
  if (passage.kind === "truncate") return truncate(to, reply, body, passage);
  if (passage.kind === "whole_then_race") to.doomed.add(socket);
  return whole(to, reply, body);
}

function withLength(to: Delivering, reply: Reply, length: number): string[] {
  return [...to.head(reply), "Content-Length", String(length)];
}

function write(to: Delivering, bytes: Buffer): boolean {
  to.sent(bytes.length);
  return to.response.write(bytes);
}

function whole(to: Delivering, reply: Reply, body: Buffer): Promise<"complete" | "cut"> {
  to.response.writeHead(reply.status, withLength(to, reply, body.length));
  to.response.end(body);
  to.sent(body.length);
  return closed(to.response).then(() => (to.response.writableFinished ? "complete" : "cut"));
}

async function stall(to: Delivering, reply: Reply, body: Buffer, after: "headers" | "half"): Promise<"cut"> {
  to.response.writeHead(reply.status, withLength(to, reply, body.length));
  to.response.flushHeaders();
  if (after === "half") write(to, body.subarray(0, Math.floor(body.length / 2)));
  await closed(to.response);
  return "cut";
}

async function drip(
  to: Delivering,
  reply: Reply,
  body: Buffer,
  bytesPerSecond: number,
): Promise<"complete" | "cut"> {
  to.response.writeHead(reply.status, withLength(to, reply, body.length));
  to.response.flushHeaders();
  // at least a byte per step, and steps of at least 10 ms
  const step = Math.max(1, Math.floor(bytesPerSecond / 100));
  for (let at = 0; at < body.length; at += step) {
    if (to.response.destroyed) return "cut";
    write(to, body.subarray(at, at + step));
    const isLast = at + step >= body.length;
    if (!isLast && !(await to.timers.pause((step * 1000) / bytesPerSecond))) return "cut";
  }
  to.response.end();
  return "complete";
}

async function truncate(
  to: Delivering,
  reply: Reply,
  body: Buffer,
  { bytes, framing }: { bytes: number; framing: "length" | "chunked" },
): Promise<"cut"> {
  const { response } = to;
  const head = framing === "length" ? withLength(to, reply, body.length) : to.head(reply);
  response.writeHead(reply.status, head);
  // a body cut by nothing would be whole
  const part = body.subarray(0, Math.min(bytes, Math.max(0, body.length - 1)));
  to.sent(part.length);
  const { promise, resolve } = Promise.withResolvers<void>();
  response.flushHeaders();
  if (part.length === 0) setImmediate(resolve);
  else response.write(part, () => resolve());
  await promise;
  response.socket?.destroySoon();
  return "cut";
}

const CHUNK = Buffer.alloc(65_536, " ");

async function flood(
  to: Delivering,
  { flood: kind, bytes }: { flood: "body" | "gzip" | "header"; bytes: number },
): Promise<"complete" | "cut"> {
  const { response } = to;
  const base: Reply = { status: 200, contentType: "application/json", headers: [], body: "" };
  if (kind === "header") {
    const body = Buffer.from("{}");
    return whole(to, { ...base, headers: ["X-Padding", "x".repeat(bytes)] }, body);
  }
  if (kind === "gzip") {
    response.writeHead(200, to.head({ ...base, headers: ["Content-Encoding", "gzip"] }));
    const gzip = createGzip();
    const done = Promise.withResolvers<void>();
    gzip.on("data", (chunk: Buffer) => write(to, chunk));
    gzip.once("end", () => {
      response.end();
      done.resolve();
    });
    gzip.once("error", done.reject);
    for (let left = bytes; left > 0 && !response.destroyed; left -= CHUNK.length) {
      const isRoomy = gzip.write(left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK);
      if (!isRoomy) await new Promise<void>((resolve) => gzip.once("drain", resolve));
    }
    gzip.end();
    await done.promise;
  } else {
    response.writeHead(200, withLength(to, base, bytes));
    for (let left = bytes; left > 0 && !response.destroyed; left -= CHUNK.length) {
      const isRoomy = write(to, left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK);
      if (!isRoomy) await drained(response);
    }
    response.end();
  }
  await closed(response);
  return response.writableFinished ? "complete" : "cut";
}

/** Resolves when the response is over, by its end or by the client's. */
function closed(response: ServerResponse): Promise<void> {
  if (response.closed || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
