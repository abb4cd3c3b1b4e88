import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A program that is handed tokens and repeats them on both of its outputs. */
export type TellingProgram = {
  name: string;
  file: string;
  /** The tokens that it was handed. */
  tokens(): string[];
};

/** Programs as somebody might write them: one that repeats what it reads and is content, one that complains with it and fails. */
export function tellingPrograms(folder: string): TellingProgram[] {
  return [
    write(folder, "repeats", 'tee -a "$0.got" /dev/stderr'),
    write(
      folder,
      "complains",
      'text=$(tee -a "$0.got"); echo "cannot store: $text" | tee /dev/stderr; exit 1',
    ),
  ];
}

function write(folder: string, name: string, script: string): TellingProgram {
  const file = path.join(folder, name);
  const got = `${file}.got`;
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  writeFileSync(got, "");
  chmodSync(file, 0o700);
  return {
    name,
    file,
    tokens: () => {
      const lines = readFileSync(got, "utf8").split("\n").slice(0, -1);
      const messages = lines.map((line) => JSON.parse(line) as Delivered);
      return [...new Set(messages.map(({ access_token }) => access_token))];
    },
  };
}

type Delivered = { access_token: string };
