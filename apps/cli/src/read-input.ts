import type { Output } from "./output.ts";

/** Everything on standard input, as far as it may be long; a person is told what to paste. */
export async function readInput(
  { input = process.stdin, err }: Output,
  { prompt, largestBytes }: { prompt: string; largestBytes: number },
): Promise<string> {
  if (input.isTTY === true) err.write(`${prompt}\n`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk as Buffer));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes > largestBytes) break; // whoever reads it refuses it for its length
  }
  return Buffer.concat(chunks).toString("utf8");
}
