import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openSqliteStore } from "./open.ts";

const EXT4 = 0xef53;

describe("a file system over the network", () => {
  it.each([
    [0x6969, "NFS"],
    [0x517b, "SMB"],
    [0xff534d42 | 0, "CIFS"], // as a negative number
    [0xff534d42, "CIFS"],
    [0xfe534d42, "SMB"],
    [0x00c36400, "Ceph"],
  ])("DB-06 is refused with a sentence, and no file is made: type %i (%s)", async (type, name) => {
    using directory = temporaryDirectory();
    const opened = openSqliteStore({ file: directory.file, fileSystemTypeOf: () => type });
    await expect(opened).rejects.toMatchObject({
      name: "StoreError",
      code: "unavailable",
      message: `The database file is on ${name}, a file system over the network, where SQLite would lose data. Put it on a disk of this machine, or use Postgres.`,
    });
    expect(existsSync(directory.file)).toBe(false);
  });

  it.each([
    [0x65735546, "FUSE"],
    [0x01021997, "9p"],
  ])("DB-06 is warned about where it may be one: type %i (%s)", async (type, name) => {
    using directory = temporaryDirectory();
    const warnings: string[] = [];
    await using store = await openSqliteStore({
      file: directory.file,
      fileSystemTypeOf: () => type,
      onWarning: (sentence) => void warnings.push(sentence),
    });
    await store.checkWritable();
    expect(warnings).toEqual([
      expect.stringContaining(`The database file is on ${name}. If that leads to another machine`),
    ]);
  });

  it("DB-06 is asked about the file itself, which may be a link to elsewhere; a disk of this machine is fine", async () => {
    using directory = temporaryDirectory();
    const asked: string[] = [];
    const fileSystemTypeOf = (path: string): number => {
      asked.push(path);
      return EXT4;
    };
    const onWarning = (sentence: string): never => {
      throw new Error(sentence);
    };
    for (let time = 0; time < 2; time += 1) {
      await using store = await openSqliteStore({ file: directory.file, fileSystemTypeOf, onWarning });
      await store.checkWritable();
    }
    expect(asked).toEqual([directory.path, directory.file]);
  });
});
