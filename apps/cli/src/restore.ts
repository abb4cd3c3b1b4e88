import { loadEnvironment, readConfig, restore, type RestoreReport } from "@perennial/runtime";
import type { Command } from "commander";
import { readFileSync } from "node:fs";

import { describeTokens } from "./backup.ts";
import { examples } from "./help-text.ts";
import { createMoveLines } from "./move-lines.ts";
import { writeJson, type Output } from "./output.ts";
import { table } from "./table.ts";

const EXPLANATION = `It goes into the database of DATABASE_URL, of either engine, with the keys of TOKEN_KEYS. The database has to be empty,
or --force puts the backup in its place; stop the servers first. A restore that was cut off is resumed by the same
command, and until then nobody can write there.

No token of a backup is trusted: each is proved before it is renewed or handed out, and one that works no more asks for
a reconnect. What the database still knows better is kept: newer tokens, who has left, API keys that were revoked.
In an empty database nobody knows who has left since: name them with --forget, a file of ids, one a line (usr_… is left
out, con_… comes back disconnected, key_… revoked, snk_… not at all). The log has them as connection.disconnected.
Who was erased stays erased: the database and the backup know it. What an empty database cannot know, because it was
after the backup, --erase tells: nothing of these people and connections comes back. The log has them as
connection.erased and user.erased.`;
const EXAMPLES = [
  "perennial restore /var/backups/perennial-monday.db",
  "perennial restore /var/backups/perennial-monday.db --forget ./gone.txt",
  "perennial restore /var/backups/perennial-monday.db --erase ./erased.txt",
  "perennial restore /var/backups/perennial-monday.db --force --json",
];

/** `perennial restore`: a backup into a database. */
export function restoreCommand(program: Command, output: Output, _finish: (code: number) => void): void {
  program
    .command("restore")
    .description("put a backup into an empty database; resumable, compared row by row")
    .argument("<file>", "the backup")
    .option("--forget <file>", "ids that must not come back, one a line")
    .option("--erase <file>", "ids of people and connections that were erased since, one a line")
    .option("--force", "into a database that people live in: they are as the backup has them afterwards")
    .addHelpText("after", examples(EXAMPLES, EXPLANATION))
    .action(
      async (
        file: string,
        options: { forget?: string; erase?: string; force?: boolean },
        command: Command,
      ) => {
        const { json } = command.optsWithGlobals<{ json?: boolean }>();
        const startedAtMs = performance.now();
        const report = await restore(readConfig(output.environment ?? loadEnvironment()), {
          file,
          overwrite: options.force === true,
          forget: options.forget === undefined ? [] : readIds(command, options.forget, "--forget"),
          erase: options.erase === undefined ? [] : readErased(command, options.erase),
          onProgress: createMoveLines(output.err).print,
        });
        const seconds = Number(((performance.now() - startedAtMs) / 1_000).toFixed(3));
        if (json === true) writeJson(output, { kind: "restored", ...report, seconds });
        else output.out.write(describe(report, seconds));
      },
    );
}

function readErased(command: Command, file: string): string[] {
  const ids = readIds(command, file, "--erase");
  if (!ids.every((id) => /^(?:usr|con)_/.test(id)))
    command.error("error: --erase takes ids of users and connections (usr_…, con_…)");
  return ids;
}

function readIds(command: Command, file: string, option: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    command.error(`error: the file of ${option} cannot be read`);
  }
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function describe(
  { manifest, tables, reconciled, forgotten, tokens, isResumed }: RestoreReport,
  seconds: number,
) {
  const rows = Object.entries(tables).map(([name, { rows, written, deleted }]) =>
    [name, rows, written, deleted].map(String),
  );
  const { renewed, left, dead, revoked, erased } = reconciled;
  const resumed = isResumed ? " This run went on with one that was cut off." : "";
  const unknown = forgotten.unknown.length === 0 ? "" : ` Not found: ${forgotten.unknown.join(", ")}.`;
  return [
    table(["TABLE", "ROWS", "WRITTEN NOW", "DELETED NOW"], rows),
    `Restored as of ${manifest.madeAt.toISOString()} in ${seconds.toFixed(1)} s, and compared row by row.${resumed}\n`,
    `Kept as the database knew them: ${renewed} newer tokens, ${left} people who left, ${dead} dead tokens, ${revoked} revoked keys.\n`,
    `Erased since, and gone again: ${erased} people and connections.\n`,
    `Forgotten: ${forgotten.forgotten}.${unknown}\n`,
    describeTokens(tokens),
    "Start the servers: every token is proved before it is trusted. Everybody signs in anew.\n",
  ].join("");
}
