import { statfsSync } from "node:fs";

import { StoreError } from "../store-error.ts";

/** `f_type` of statfs(2), as Linux numbers them. */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x19830326, "BeeGFS"],
]);
/** Behind these may be this machine's own disk as well as somebody else's. */
const PERHAPS_NETWORK_FILE_SYSTEMS = new Map([
  [0x65735546, "FUSE"],
  [0x01021997, "9p"],
  [0x6a656a63, "virtio-fs"],
]);

/** Tells the type of the file system that holds a file or a folder. */
export type FileSystemTypeOf = (path: string) => number;

/** Asks the system; elsewhere than on Linux the answer means nothing, and nothing is told from it. */
export const fileSystemTypeOf: FileSystemTypeOf = (path) =>
  process.platform === "linux" ? statfsSync(path).type : 0;

/**
 * SQLite relies on locks and shared memory that file systems over a network do not keep: two hosts that both
 * believe to hold the lock destroy the file.
 *
 * @returns a sentence of warning where the file system may be one of them; null where it is none.
 * @throws {StoreError} `unavailable` where it is one.
 * @see https://sqlite.org/useovernet.html
 */
export function refuseNetworkFileSystem(path: string, typeOf: FileSystemTypeOf): string | null {
  const type = typeOf(path) >>> 0; // some systems hand out large numbers as negative ones
  const network = NETWORK_FILE_SYSTEMS.get(type);
  if (network !== undefined) {
    throw new StoreError(
      "unavailable",
      `The database file is on ${network}, a file system over the network, where SQLite would lose data. ` +
        "Put it on a disk of this machine, or use Postgres.",
    );
  }
  const perhaps = PERHAPS_NETWORK_FILE_SYSTEMS.get(type);
  if (perhaps === undefined) return null;
  return (
    `The database file is on ${perhaps}. If that leads to another machine, SQLite will lose data: ` +
    "put the file on a disk of this machine, or use Postgres."
  );
}
