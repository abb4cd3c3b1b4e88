import type { Environment } from "@perennial/runtime";
import type { Readable, Writable } from "node:stream";

/** What a command reads from and writes to. */
export type Output = {
  out: Writable;
  err: Writable;
  /** Where secrets and codes are read from; standard input unless given. */
  input?: Readable & { isTTY?: boolean };
  /** The environment; this process's own, completed from `.env`, unless given. */
  environment?: Environment;
};

/** What an output may be besides a stream: a person's terminal. */
export type Terminal = Writable & { isTTY?: boolean; hasColors?: () => boolean };

/** Whether a person looks at this stream, so that it may move and have colours. */
export function isTerminal(stream: Terminal): boolean {
  return stream.isTTY === true;
}

/** Writes as fast as the reader takes it. */
export async function writeAll(out: Writable, text: string): Promise<void> {
  if (text === "" || out.write(text) || out.destroyed) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      out.off("drain", go);
      out.off("close", go);
      resolve();
    };
    out.on("drain", go);
    out.on("close", go);
  });
}

/** One document of JSON on a line. */
export function writeJson({ out }: Output, value: unknown): void {
  out.write(`${JSON.stringify(value)}\n`);
}

const begun = new WeakSet<Writable>();

/** Whether a list has begun on this stream: what is written after it is no JSON of its own. */
export function hasBegun(out: Writable): boolean {
  return begun.has(out);
}

/** A JSON array that is written piece by piece, an element a line. */
export function createJsonList(out: Writable): {
  add: (elements: readonly unknown[]) => Promise<void>;
  end: () => void;
} {
  let separator = "[\n";
  return {
    add: async (elements) => {
      for (const element of elements) {
        begun.add(out);
        await writeAll(out, `${separator}${JSON.stringify(element)}`);
        separator = ",\n";
      }
    },
    end: () => void out.write(separator === "[\n" ? "[]\n" : "\n]\n"),
  };
}

/** A line that is drawn again and again, for a person at a terminal; nobody else sees it. */
export function createProgress(err: Terminal): { show: (text: string) => void; clear: () => void } {
  if (!isTerminal(err)) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => void err.write(`\r\u001B[K${text}`),
    clear: () => void err.write("\r\u001B[K"),
  };
}
