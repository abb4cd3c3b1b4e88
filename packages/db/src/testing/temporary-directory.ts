import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that is gone with the scope it was made in. */
export function temporaryDirectory(): Disposable & { path: string; file: string } {
  const path = mkdtempSync(join(tmpdir(), "perennial-db-"));
  return {
    path,
    file: join(path, "perennial.db"),
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
