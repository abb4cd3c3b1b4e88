import {
  backUp,
  loadEnvironment,
  readConfig,
  verifyBackup,
  type RecordedBackup,
  type VerifiedBackup,
} from "@perennial/runtime";
import type { Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { createMoveLines } from "./move-lines.ts";
import { writeJson, type Output } from "./output.ts";
import { table } from "./table.ts";

const EXPLANATION = `The backup is one SQLite file, whatever the engine, with everything as it was at one instant; servers go on writing
meanwhile. Tokens stay sealed: without TOKEN_KEYS a backup is of no use, so keep those too, and elsewhere. Only its
owner can read it (mode 0600). It is opened again and looked through before it gets its name.`;
const NOT_RECORDED =
  "That it was made is not in the audit: the database takes no writes, as a replica or one that was moved.\n";
const EXAMPLES = [
  "perennial backup /var/backups/perennial-monday.db",
  "perennial backup --verify /var/backups/perennial-monday.db",
  "perennial backup --json --force ./latest.db",
];

/** `perennial backup`: everything in one file, while everything runs. */
export function backupCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("backup")
    .description("write everything into one verified file, while servers run")
    .argument("<file>", "the file to make, or to look through")
    .option("--verify", "make none: look through one that was made")
    .option("--force", "put it in the place of a file that is there")
    .addHelpText("after", examples(EXAMPLES, EXPLANATION))
    .action(async (file: string, options: { verify?: boolean; force?: boolean }, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const config = readConfig(output.environment ?? loadEnvironment());
      const startedAtMs = performance.now();
      const lines = createMoveLines(output.err);
      const backup: VerifiedBackup & Partial<Pick<RecordedBackup, "bytes" | "isRecorded">> =
        options.verify === true
          ? await verifyBackup(config, file)
          : await backUp(config, { file, overwrite: options.force === true, onProgress: lines.print });
      const seconds = Number(((performance.now() - startedAtMs) / 1_000).toFixed(3));
      const { manifest, tokens, ...rest } = backup;
      const summary = {
        kind: options.verify === true ? "verified" : "made",
        ...manifest,
        tokens,
        ...rest,
        seconds,
      };
      if (json === true) writeJson(output, summary);
      else output.out.write(describe(backup, seconds));
      if (json !== true && backup.isRecorded === false) output.err.write(NOT_RECORDED);
      finish((tokens?.unreadable.length ?? 0) > 0 ? EXIT.configuration : EXIT.fine);
    });
}

function describe({ manifest, tokens, bytes }: VerifiedBackup & { bytes?: number }, seconds: number): string {
  const rows = Object.entries(manifest.rows).map(([name, count]) => [name, String(count)]);
  const size = bytes === undefined ? "" : `, ${(bytes / 1_000_000).toFixed(1)} MB`;
  return [
    table(["TABLE", "ROWS"], rows),
    `As of ${manifest.madeAt.toISOString()}, verified field by field in ${seconds.toFixed(1)} s${size}.\n`,
    `It needs ${manifest.keyIds.map((id) => `key "${id}"`).join(", ") || "no key"} of TOKEN_KEYS.\n`,
    tokens === null ? "Its tokens were not opened: it is of another version.\n" : describeTokens(tokens),
  ].join("");
}

/** How many tokens open, and the connections of those that do not. */
export function describeTokens({ opened, unreadable }: { opened: number; unreadable: string[] }): string {
  if (unreadable.length === 0) return `All ${opened} tokens open.\n`;
  const names = `${unreadable.slice(0, 3).join(", ")}${unreadable.length > 3 ? ", …" : ""}`;
  return `${opened} tokens open, and ${unreadable.length} do not (${names}): these are damaged, or TOKEN_KEYS is another.\n`;
}
