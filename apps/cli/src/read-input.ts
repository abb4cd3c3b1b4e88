import type { Readable } from "node:stream";

const LARGEST_INPUT_BYTES = 100_000;

/** All of standard input, or as much of it as anybody needs. A person at a terminal is told what is waited for. */
export async function readInput(input: Readable & { isTTY?: boolean }, what: string): Promise<string> {
  if (input.isTTY === true) process.stderr.write(`Paste ${what}, then press Enter and Ctrl-D.\n`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk as Buffer));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes > LARGEST_INPUT_BYTES) break; // the reader refuses it for its length
  }
  return Buffer.concat(chunks).toString("utf8");
}
