import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";

/** The child's side of `startChild`: waits for the signal, works, and prints what came of it. */
export async function answerParent(work: (args: readonly string[]) => Promise<unknown>): Promise<void> {
  writeSync(2, "ready\n");
  await text(process.stdin);
  writeSync(1, JSON.stringify(await work(process.argv.slice(2))));
}
