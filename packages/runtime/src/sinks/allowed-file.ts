import { ConnectionError } from "@perennial/connections";
import { lstat, mkdir, realpath } from "node:fs/promises";
import path from "node:path";

import { SinkFault } from "./sink-fault.ts";

/** The whole path that somebody on the web means. @throws {ConnectionError} `sink_not_allowed` outside of the folders */
export function pathInFolders(named: string, folders: readonly string[]): string {
  const [first] = folders;
  if (first === undefined)
    throw new ConnectionError("sink_not_allowed", { detail: "No folder is open to the web here." });
  const whole = path.resolve(first, named);
  if (folderOf(whole, folders) === null)
    throw new ConnectionError("sink_not_allowed", {
      detail: "The file is in none of the folders that are open to the web.",
    });
  return whole;
}

/**
 * Makes sure, at the time of a delivery, that a path still leads into one of the folders: no link on its way out of
 * them, and none in its place. The folder itself is made when it is not there.
 *
 * @throws {SinkFault} `sink_not_allowed`, `sink_file_unwritable`
 */
export async function fileInFolders(whole: string, folders: readonly string[]): Promise<string> {
  const folder = folderOf(whole, folders);
  if (folder === null) throw new SinkFault("sink_not_allowed");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [realFolder, realParent] = await Promise.all([realpath(folder), realpath(path.dirname(whole))]);
    const real = path.join(realParent, path.basename(whole));
    if (folderOf(real, [realFolder]) === null) throw new SinkFault("sink_not_allowed");
    if ((await lstat(real).catch(() => null))?.isSymbolicLink() === true)
      throw new SinkFault("sink_not_allowed");
    return real;
  } catch (error) {
    throw error instanceof SinkFault ? error : new SinkFault("sink_file_unwritable", error);
  }
}

/** The folder that a path is inside of; not the folder itself. */
function folderOf(whole: string, folders: readonly string[]): string | null {
  return (
    folders.find((folder) => {
      const rest = path.relative(folder, whole);
      return rest !== "" && rest !== ".." && !rest.startsWith(`..${path.sep}`) && !path.isAbsolute(rest);
    }) ?? null
  );
}
