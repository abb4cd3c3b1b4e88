import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { SimulatorError } from "./simulator-error.ts";
import { readState, replaceFile, writeState, type SavedWorld } from "./state-file.ts";
import type { World } from "./world.ts";

/** Keeps a world in a file, so that the next simulator goes on where this one ended. */
export type StateKeeper = {
  /**
   * Makes a world of what the file holds, or a fresh one when there is none or it cannot be used. Changes no file yet.
   *
   * @throws {SimulatorError} `invalid_input` when there is a file that may not be read.
   */
  open(create: (saved: SavedWorld | undefined) => World): World;
  /**
   * Saves for the first time, after moving a file that could not be used out of the way.
   *
   * @throws {SimulatorError} `invalid_input` when the file cannot be written.
   */
  start(): void;
  /** Told of every change; saves a little later. */
  changed(): void;
  /** Saves for the last time. */
  close(): void;
};

/** Runs something later unless the returned function is called first. */
export type Later = (ms: number, run: () => void) => () => void;

const SAVE_PAUSE_MS = 250;
const FAST_CLOCK_PAUSE_MS = 1000;

/** Reads and writes are synchronous: each save is one instant of the world, and the last one needs no waiting for. */
export function createStateKeeper(
  path: string,
  notify: (sentence: string) => void = (sentence) => process.emitWarning(sentence),
  later: Later = laterUnlessDone,
): StateKeeper {
  let world: World | undefined; // while it is kept
  let opened: World | undefined;
  let starts = 0;
  let whyUnusable: string | undefined;
  let isFailing = false;
  const saving = createDelay(later, SAVE_PAUSE_MS, trySave);
  const beat = createDelay(later, FAST_CLOCK_PAUSE_MS, saving.arm);

  function save(kept: World): void {
    replaceFile(path, writeState(kept, starts));
    // a fast clock leaves its last saved instant far behind, and a killed process would fall back to it
    if (kept.clock.state().rate > 1) beat.arm();
  }

  function trySave(): void {
    if (world === undefined) return;
    try {
      save(world);
      isFailing = false;
    } catch (error) {
      if (!isFailing) notify(`${cannot("written", path, error)} It is tried again at the next change.`);
      isFailing = true;
    }
  }

  return {
    open(create) {
      const text = readIfThere(path);
      if (text !== undefined) {
        try {
          const saved = readState(text);
          opened = create(saved);
          starts = saved.starts;
        } catch (error) {
          if (!(error instanceof SimulatorError)) throw error;
          whyUnusable = error.message;
        }
      }
      opened ??= create(undefined);
      return opened;
    },
    start() {
      if (opened === undefined) throw new TypeError("There is no world to keep.");
      starts++;
      try {
        if (whyUnusable !== undefined) {
          renameSync(path, `${path}.unreadable`);
          notify(
            `The state file ${path} could not be used and is now ${path}.unreadable; the simulator starts afresh. ${whyUnusable}`,
          );
        }
        mkdirSync(dirname(path), { recursive: true });
        save(opened);
      } catch (error) {
        throw new SimulatorError("invalid_input", cannot("written", path, error), { cause: error });
      }
      world = opened;
    },
    changed() {
      if (world !== undefined) saving.arm();
    },
    close() {
      trySave();
      world = undefined;
      saving.cancel();
      beat.cancel();
    },
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new SimulatorError("invalid_input", cannot("read", path, error), { cause: error });
  }
}

function cannot(what: "read" | "written", path: string, error: unknown): string {
  return `The state file ${path} cannot be ${what} (${codeOf(error)}).`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  return String(error);
}

/** Something that happens once, a while after it was first asked for. */
function createDelay(later: Later, ms: number, run: () => void): { arm(): void; cancel(): void } {
  let stop: (() => void) | undefined;
  return {
    arm() {
      stop ??= later(ms, () => {
        stop = undefined;
        run();
      });
    },
    cancel() {
      stop?.();
      stop = undefined;
    },
  };
}

/** Does not keep a process alive that has nothing else to do. */
function laterUnlessDone(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}
