import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readFile, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { SinkFault } from "./sink-fault.ts";

const LARGEST_FILE_BYTES = 1024 * 1024;
const MODE = 0o600;
/** Longer than any delivery may last: who holds a lock for longer has died with it. */
const STALE_LOCK_MS = 15_000;
const LOCK_STEP_MS = 20;
/** So often is it begun anew because somebody else has changed the file meanwhile. */
const MOST_TRIES = 5;

/** What a file holds, and who it is; null for one that is not there yet. */
type Found = { bytes: Buffer; uid: number; gid: number; mark: string } | null;

/**
 * Replaces a file by what `edit` makes of it: whole or not at all, whatever happens meanwhile. It is readable by its
 * owner alone afterwards, and still the same one's. Other processes of ours wait; what an editor writes meanwhile is
 * edited instead.
 *
 * @throws {SinkFault} `sink_file_unreadable` or `sink_file_unwritable`; nothing was changed then.
 */
export async function replaceFile(
  target: string,
  signal: AbortSignal,
  edit: (before: Buffer) => Buffer,
): Promise<void> {
  const folder = path.dirname(target);
  const temporary = path.join(folder, `.${path.basename(target)}.perennial-new`);
  try {
    await using lock = await takeLock(target, signal);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = await find(target);
      const after = edited(edit, before?.bytes ?? Buffer.alloc(0));
      await writeNew(temporary, after, before);
      signal.throwIfAborted();
      // Until here nothing has happened to the file, and from here on all of it at once.
      if (!(await lock.isOurs()) || (await find(target))?.mark !== before?.mark) continue;
      await rename(temporary, target);
      await syncFolder(folder);
      return;
    }
    throw new SinkFault("sink_file_unwritable");
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // the next time does it
    if (signal.aborted) throw new SinkFault("sink_timed_out", error);
    const isOfSystem = error instanceof Error && "syscall" in error;
    throw isOfSystem ? new SinkFault("sink_file_unwritable", error) : error;
  }
}

/** Where a path really leads: a link is replaced at its end, not in its place. */
export async function linkedFile(named: string): Promise<string> {
  try {
    return await realpath(named);
  } catch (error) {
    if (!isMissing(error)) throw new SinkFault("sink_file_unwritable", error);
  }
  // A link that leads nowhere is not made into a file somewhere else.
  if ((await lstat(named).catch(() => null)) !== null) throw new SinkFault("sink_file_unreadable");
  return named;
}

function edited(edit: (before: Buffer) => Buffer, before: Buffer): Buffer {
  try {
    return edit(before);
  } catch (error) {
    if (error instanceof RangeError) throw new SinkFault("sink_file_unreadable", error);
    throw error;
  }
}

async function find(target: string): Promise<Found> {
  let handle: FileHandle;
  try {
    // Not through a link, and not waiting for who writes into a pipe.
    handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return null;
    throw new SinkFault("sink_file_unreadable", error);
  }
  try {
    const found = await handle.stat({ bigint: true });
    const { uid, gid, size, mtimeNs, ino } = found;
    if (!found.isFile() || size > LARGEST_FILE_BYTES) throw new SinkFault("sink_file_unreadable");
    const bytes = await handle.readFile();
    return { bytes, uid: Number(uid), gid: Number(gid), mark: `${ino}.${mtimeNs}.${size}` };
  } finally {
    await handle.close();
  }
}

async function writeNew(temporary: string, bytes: Buffer, before: Found): Promise<void> {
  await rm(temporary, { force: true }); // what a crash has left
  const handle = await open(temporary, "wx", MODE);
  try {
    await handle.writeFile(bytes);
    await handle.chmod(MODE);
    if (before !== null) await keepOwner(handle, before);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Who could read the file can read it afterwards; where that cannot be, it is left alone. */
async function keepOwner(handle: FileHandle, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const made = await handle.stat();
  if (made.uid === uid && made.gid === gid) return;
  await handle.chown(uid, gid).catch((error: unknown) => {
    if (made.uid !== uid) throw error; // a group alone opens nothing at this mode
  });
}

/** The name of the file is written, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

type Lock = AsyncDisposable & { isOurs(): Promise<boolean> };

/** One process of ours at a time: two connections may have their keys in one file. */
async function takeLock(target: string, signal: AbortSignal): Promise<Lock> {
  const file = path.join(path.dirname(target), `.${path.basename(target)}.perennial-lock`);
  const owner = randomBytes(12).toString("hex");
  const isOurs = async (): Promise<boolean> => (await readFile(file, "utf8").catch(() => "")) === owner;
  for (;;) {
    signal.throwIfAborted();
    try {
      const handle = await open(file, "wx", MODE);
      try {
        await handle.writeFile(owner);
      } finally {
        await handle.close();
      }
      return {
        isOurs,
        [Symbol.asyncDispose]: async () => {
          if (await isOurs()) await rm(file, { force: true });
        },
      };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const held = await stat(file).catch(() => null);
    // Whoever else takes it for left behind as well finds that the lock is not theirs before they write.
    if (held !== null && Date.now() - held.mtimeMs > STALE_LOCK_MS) await rm(file, { force: true });
    await setTimeout(LOCK_STEP_MS);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
