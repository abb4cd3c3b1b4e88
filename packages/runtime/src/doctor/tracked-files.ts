import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import type { Environment } from "../environment.ts";
import { checksOf, type Check } from "./check.ts";
import { secretValues } from "./secret-values.ts";

const { green, amber, red, unchecked } = checksOf("secrets");

const TIMEOUT_MS = 5_000;
const MOST_OUTPUT_BYTES = 4 * 1024 * 1024;
const MOST_NAMED = 3;
/** What ends the names of .env files that are made to be tracked. */
const EXAMPLES: ReadonlySet<string> = new Set(["example", "sample", "template", "dist"]);

/**
 * Whether git tracks a file that holds a secret of this installation. Files are named, secrets never; they reach git
 * by its standard input, as arguments can be seen by everybody on this machine.
 */
export async function checkTrackedFiles(environment: Environment, folder: string): Promise<Check> {
  if (!isInRepository(folder)) return green("tracked", "The working folder is under no version control.");
  const git = (args: readonly string[], input = "") => runGit({ args, input, folder, environment });
  const patterns = secretValues(environment).map(({ value }) => value);
  const listed = await git(["ls-files", "-z", "--full-name", "--", ":/"]);
  // Without a pattern there is nothing to find, and git would complain.
  const holding =
    patterns.length === 0
      ? []
      : await git(
          ["grep", "--files-with-matches", "--null", "--full-name", "--fixed-strings", "-f", "-", "--", ":/"],
          `${patterns.join("\n")}\n`,
        );
  if (listed === null || holding === null) {
    const message = "git did not answer: whether it tracks a file with a secret was not checked.";
    return unchecked("tracked", message, "Run git status in the working folder, and see what it says.");
  }
  if (holding.length > 0) {
    const cure = "Take the secret out of there, and take a new one: git keeps the old one in its history.";
    return red("tracked", `git tracks a secret of this installation, in ${named(holding)}.`, cure);
  }
  const meantFor = listed.filter(isMadeForSecrets);
  if (meantFor.length > 0) {
    const cure = `Put it into .gitignore, and have git forget it: git rm --cached ${meantFor[0] ?? ""}`;
    return amber("tracked", `git tracks ${named(meantFor)}, which is made to hold secrets.`, cure);
  }
  return green("tracked", "No file that git tracks holds a secret of this installation.");
}

function isMadeForSecrets(file: string): boolean {
  const name = path.posix.basename(file);
  if (name === ".env" || name === "development-secrets.json") return true;
  return name.startsWith(".env.") && !EXAMPLES.has(name.slice(".env.".length));
}

function isInRepository(folder: string): boolean {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    if (existsSync(path.join(place, ".git"))) return true;
    if (place === path.dirname(place)) return false;
  }
}

type GitCall = { args: readonly string[]; input: string; folder: string; environment: Environment };

/** The files that git names; null when it could not be asked, or took too long. */
function runGit({ args, input, folder, environment }: GitCall): Promise<string[] | null> {
  const { PATH, HOME } = environment;
  return new Promise((resolve) => {
    const child = execFile(
      "git",
      // What a repository may name to be run while git looks at it stays out.
      ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", ...args],
      {
        cwd: folder,
        env: {
          ...(PATH !== undefined && { PATH }),
          ...(HOME !== undefined && { HOME }),
          GIT_OPTIONAL_LOCKS: "0",
        },
        timeout: TIMEOUT_MS,
        maxBuffer: MOST_OUTPUT_BYTES,
      },
      (error, stdout) => {
        const isNoMatch = error !== null && error.code === 1;
        resolve(error === null || isNoMatch ? stdout.split("\0").filter((name) => name !== "") : null);
      },
    );
    child.stdin?.on("error", () => undefined); // one that ended early has said so by its exit
    child.stdin?.end(input);
  });
}

function named(files: readonly string[]): string {
  const shown = files.slice(0, MOST_NAMED).map((file) => file.replace(/[\p{Cc}\p{Cf}]/gu, "\u{FFFD}"));
  const rest = files.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}
