import {
  loadEnvironment,
  openKeyRotation,
  readConfig,
  writeSecretFile,
  type ChangedRing,
  type KeyRotation,
} from "@perennial/runtime";
import type { Command } from "commander";
import { existsSync } from "node:fs";

import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { writeJson, type Output } from "./output.ts";
import { describeRewrap, describeStatus, nextStep, rewrapLines } from "./rotate-keys-lines.ts";

type Options = {
  add?: boolean;
  id?: string;
  promote?: string;
  rewrap?: boolean;
  drop?: string;
  reveal?: boolean;
  output?: string;
};

const EXPLANATION = `Without an option it says which keys there are, how many sealed texts each holds, and what comes next. A rotation is
four steps, and none of them stops anybody:

  1. --add            makes a key, in the second place: all can open with it, nobody seals with it. Restart the servers.
  2. --promote <id>   puts it first: from the restart on they seal with it, and open what the old one holds.
  3. --rewrap         seals with it what the old one holds, a batch at a time. Cut off, it goes on where it was.
  4. --drop <id>      retires the old key once nothing needs it, and refuses earlier.

In development the key ring is changed where it is kept. Elsewhere it is TOKEN_KEYS, which is yours to set: --output
writes the new value into a file (mode 0600), --reveal prints it.`;
const EXAMPLES = [
  "perennial rotate-keys",
  "perennial rotate-keys --add --output ./token-keys.env",
  "perennial rotate-keys --rewrap --json",
  "perennial rotate-keys --drop k1",
];

/** `perennial rotate-keys`: one key of the ring for another, while everything runs. */
export function rotateKeysCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("rotate-keys")
    .description("exchange the key that seals tokens for another, step by step, while everything runs")
    .option("--add", "make a new key, in the second place of the ring")
    .option("--id <id>", "the id of the new key; k1, k2, … unless given")
    .option("--promote <id>", "put a key first: it seals from the next start of the servers on")
    .option("--rewrap", "seal with the first key what older ones hold")
    .option("--drop <id>", "retire a key that nothing needs any more")
    .option("--reveal", "print the new TOKEN_KEYS, secrets and all")
    .option("--output <file>", "write the new TOKEN_KEYS into a file that is not there yet")
    .addHelpText("after", examples(EXAMPLES, EXPLANATION))
    .action(async (options: Options, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
      const chosen = [options.add, options.promote, options.rewrap, options.drop].filter(Boolean);
      if (chosen.length > 1) command.error("error: one step at a time");
      const environment = output.environment ?? loadEnvironment();
      await using rotation = await openKeyRotation(environment, readConfig(environment));
      const print = (value: unknown, text: string): void => {
        if (json) writeJson(output, value);
        else output.out.write(text);
      };
      if (options.rewrap === true) {
        const report = await rotation.rewrap(rewrapLines(output.err));
        const { step } = await rotation.status();
        print({ kind: "rewrapped", ...report, step }, `${describeRewrap(report)}${nextStep(step)}\n`);
        if (report.unreadable.length > 0) finish(EXIT.unexpected);
        else finish(report.missed > 0 ? EXIT.temporary : EXIT.fine);
        return;
      }
      const change = changeOf(rotation, options);
      if (change !== null) {
        // Asked before the ring is changed: a new key that nobody sees is of no use.
        if (options.drop === undefined && rotation.ringFrom === "environment") requirePlace(command, options);
        const ring = await change();
        const { kind, keyId, keyIds } = ring;
        const isRevealed = ring.kind === "to_set" && options.reveal === true;
        if (ring.kind === "to_set" && options.output !== undefined) {
          writeSecretFile(options.output, `TOKEN_KEYS=${ring.text}\n`);
        }
        print(
          { kind, keyId, keyIds, ...(isRevealed ? { tokenKeys: ring.text } : {}) },
          `${tell(ring, options)}${isRevealed ? `TOKEN_KEYS=${ring.text}\n` : ""}`,
        );
        return;
      }
      const status = await rotation.status();
      print(status, describeStatus(status));
    });
}

function changeOf(rotation: KeyRotation, options: Options): (() => Promise<ChangedRing>) | null {
  const { add, promote, drop } = options;
  if (add === true) return () => rotation.add(options.id ?? null);
  if (promote !== undefined) return () => rotation.promote(promote);
  return drop === undefined ? null : () => rotation.drop(drop);
}

function requirePlace(command: Command, { reveal, output }: Options): void {
  if (output !== undefined && existsSync(output))
    command.error("error: the file of --output is there already");
  if (reveal === true || output !== undefined) return;
  command.error(
    "error: the new TOKEN_KEYS is a secret, and yours to set: say --output <file> to have it written (mode 0600), or " +
      "--reveal to have it printed",
  );
}

function tell(ring: ChangedRing, { add, promote }: Options): string {
  const order = ring.keyIds.join(", ");
  const place = ring.kind === "saved" ? "It is saved" : `Set TOKEN_KEYS to the new value (${order})`;
  if (add === true) {
    return `Key "${ring.keyId}" is made, in the second place. ${place}: restart the servers, then --promote ${ring.keyId}.\n`;
  }
  if (promote !== undefined) {
    return `Key "${ring.keyId}" comes first. ${place}: restart the servers, then --rewrap.\n`;
  }
  const rest =
    ring.kind === "saved" ? "It is forgotten here." : `Take it out of TOKEN_KEYS, which leaves ${order}.`;
  return `Key "${ring.keyId}" is retired: nothing needs it. ${rest} Keep it as long as you keep backups from before.\n`;
}
