import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone at the end of the block, and where in it a state file may lie. */
export async function openStateFolder(): Promise<{ folder: string; stateFile: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "simulator-state-"));
  return {
    folder,
    stateFile: join(folder, "simulator.json"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
