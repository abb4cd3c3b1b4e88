import type { ExportedAttempt } from "@perennial/connections";
import { REPLAY_APP_URL, parseBundle, replay, type ReplayReport } from "@perennial/runtime";
import type * as simulatorPackage from "@perennial/simulator";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import type { Output } from "./output.ts";
import { readInput } from "./read-input.ts";
import { UsageError } from "./usage-error.ts";

const LARGEST_BYTES = 1_000_000;

/**
 * Plays an exported attempt again, in a simulator that is started for it and on a database in memory; `-` reads it from
 * standard input.
 *
 * @throws {UsageError} when there is no such file, or no exported attempt in it
 */
export async function replayFile(file: string, output: Output): Promise<ReplayReport> {
  return await replayInSimulator(readBundle(await textOf(file, output)));
}

async function textOf(file: string, output: Output): Promise<string> {
  const prompt = "Paste the exported attempt, then press Enter and Ctrl-D.";
  if (file === "-") return await readInput(output, { prompt, largestBytes: LARGEST_BYTES });
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile)
    throw new UsageError("replay_missing", "There is no such file.", "Name the file that was exported.");
  try {
    return await readInput(
      { ...output, input: createReadStream(file) },
      { prompt, largestBytes: LARGEST_BYTES },
    );
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new UsageError("replay_missing", "The file cannot be read.", "See who may read it.");
  }
}

function readBundle(text: string): ExportedAttempt {
  if (text.length > LARGEST_BYTES) throw unreadable("This is not an exported attempt: it is far too long.");
  try {
    return parseBundle(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unreadable(error.message);
  }
}

function unreadable(message: string): UsageError {
  const cure = "Export it where the failure is shown, and name that file.";
  return new UsageError("replay_unreadable", message, cure);
}

/** A production installation is without the simulator, and nothing else asks for it. */
async function loadSimulator(): Promise<typeof simulatorPackage> {
  try {
    return await import("@perennial/simulator");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
    throw new UsageError(
      "replay_without_simulator",
      "A replay needs the simulator, which a production installation is without.",
      "Replay the file where the sources are: it names nobody.",
    );
  }
}

async function replayInSimulator(bundle: ExportedAttempt): Promise<ReplayReport> {
  const { SimulatorError, startSimulator } = await loadSimulator();
  const sim = await startSimulator({
    redirectUris: [`${REPLAY_APP_URL}/auth/instagram/callback`],
    facebookRedirectUris: [`${REPLAY_APP_URL}/auth/facebook/callback`],
  });
  try {
    return await replay(bundle, {
      origin: sim.origin,
      facebookOrigin: sim.facebookOrigin,
      instagramApp: sim.instagramApp,
      facebookApp: sim.facebookApp,
      clock: sim.clock,
      addFault: (fault) => void sim.faults.add(fault as simulatorPackage.FaultRule),
      authorize: (input) => sim.authorize(input),
    });
  } catch (error) {
    // What no Meta answers, no simulator does: somebody has written it by hand.
    if (error instanceof SimulatorError && error.code === "invalid_input")
      throw unreadable("This is not an exported attempt: its calls cannot have gone like that.");
    throw error;
  } finally {
    await sim.close();
  }
}
