import { readFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";

import { workspaceRoot } from "@perennial/runtime";
import { describe, expect, it } from "vitest";

import { commandTree } from "./completion/command-tree.ts";
import { buildCommands } from "./program.ts";
import { runCommand } from "./testing/run-command.ts";

const page = readFileSync(path.join(workspaceRoot, "docs/cli.md"), "utf8");
const silent = { out: new PassThrough(), err: new PassThrough() };
const commands = commandTree(buildCommands(silent, () => undefined)).slice(1);

describe("every command", () => {
  it.each(commands.map((command) => command.path.join(" ")))(
    "%s has examples in its help, and is in docs/cli.md with one",
    async (name) => {
      const { out } = await runCommand({ environment: {} }, [...name.split(" "), "--help"]);
      expect(out).toMatch(new RegExp(`\nExamples:\n(?:.*\n)*.*perennial ${name.split(" ")[0] ?? ""}`));
      expect(page).toMatch(new RegExp(`^## .*\`${name.split(" ")[0] ?? ""}`, "m"));
      const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text ?? "").join("\n");
      expect(blocks).toContain(`perennial ${name}`);
    },
  );

  it.each(commands)("$path: each of its options is in docs/cli.md", ({ options }) => {
    const names = options.map(({ names: [long = ""] }) => long);
    for (const name of names.filter((each) => each !== "--help")) expect(page).toContain(`\`${name}`);
  });

  it("that the catalogue of errors sends somebody to is there, with the options it names", () => {
    const errors = readFileSync(path.join(workspaceRoot, "docs/errors.md"), "utf8");
    const named = [...errors.matchAll(/`perennial ([^`]+)`/g)].map(([, text = ""]) => text.split(" "));
    expect(named.length).toBeGreaterThan(20);
    for (const words of named) {
      const typed = words.filter((word) => !word.startsWith("-")).join(" ");
      const found = commands.find((command) => command.path.join(" ") === typed);
      expect(found?.path.join(" ")).toBe(typed);
      const known = found?.options.flatMap(({ names }) => names) ?? [];
      for (const option of words.filter((word) => word.startsWith("-"))) expect(known).toContain(option);
    }
  });

  it("is under a heading of the help, with the exit codes and the environment below", async () => {
    const { out } = await runCommand({ environment: {} }, ["--help"]);
    for (const text of [
      "Signing in:",
      "Connections:",
      "Running this site:",
      "Exit codes:",
      "Environment:",
      "Examples:",
    ])
      expect(out).toContain(text);
  });
});
