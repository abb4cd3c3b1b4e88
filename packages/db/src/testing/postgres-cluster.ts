import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

import type { PostgresBinaries } from "./postgres-binaries.ts";

/** The superuser of every cluster. */
export const USER = "perennial";

const CACHE = resolve(import.meta.dirname, "../../../../node_modules/.cache/postgres");
// English order by default, so that a query which relies on the order of bytes has to say so.
const LOCALE = ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "--encoding=UTF8"];
const ACCESS = [`--username=${USER}`, "--auth=password"];

/**
 * Puts a fresh cluster into `data` of a folder and answers its superuser's password. Making one takes a second, and
 * they are all alike: it is made once and kept with the installed packages, and copied from there.
 */
export function makeCluster(binaries: PostgresBinaries, folder: string): string {
  const kept = keepCluster(binaries, folder);
  const data = join(folder, "data");
  cpSync(join(kept, "data"), data, { recursive: true });
  chmodSync(data, 0o700);
  giveTo(binaries.identity, data);
  return readFileSync(join(kept, "password"), "utf8");
}

/** The folder in which the cluster of these programs is kept, made when it is not there. */
function keepCluster(binaries: PostgresBinaries, folder: string): string {
  const { version, initdb, identity } = binaries;
  const name = createHash("sha256")
    .update(JSON.stringify([version, LOCALE, ACCESS]))
    .digest("hex");
  const kept = join(CACHE, name.slice(0, 16));
  if (existsSync(kept)) return kept;
  const password = randomBytes(12).toString("hex");
  const draft = join(folder, "draft");
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(draft, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(identity, draft);
  const args = ["-D", join(draft, "data"), "--no-sync", ...LOCALE, ...ACCESS, `--pwfile=${passwordFile}`];
  const options = { ...identity, cwd: folder, encoding: "utf8", env: { LC_ALL: "C" } } as const;
  const made = spawnSync(initdb, args, options);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);

  mkdirSync(CACHE, { recursive: true });
  const whole = mkdtempSync(join(CACHE, "draft-")); // open to its owner only
  cpSync(draft, whole, { recursive: true });
  rmSync(draft, { recursive: true });
  try {
    renameSync(whole, kept); // whole or not at all, however many start at once
  } catch {
    rmSync(whole, { recursive: true }); // another one was first
  }
  return kept;
}

function giveTo({ uid, gid }: PostgresBinaries["identity"], path: string): void {
  if (uid === undefined || gid === undefined) return;
  for (const entry of ["", ...readdirSync(path, { recursive: true, encoding: "utf8" })])
    chownSync(join(path, entry), uid, gid);
}
