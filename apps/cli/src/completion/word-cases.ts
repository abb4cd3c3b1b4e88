import type { CompletedCommand } from "./command-tree.ts";

/** Patterns of `case`, as bash and zsh read them alike: where one is, a colon, and the word that comes. */

/** A line for the options that wait for a value. */
export function optionCases(tree: readonly CompletedCommand[], line: (pattern: string) => string): string {
  const patterns = tree.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ names }) => names.map((name) => `"${path.join(" ")}:${name}"`)),
  );
  return line(patterns.join("|"));
}

/** A line for each step from a command to one below it. */
export function pathCases(
  tree: readonly CompletedCommand[],
  line: (from: string, to: string) => string,
): string {
  const steps = tree.slice(1).map(({ path }) => {
    const parent = path.slice(0, -1).join(" ");
    return line(`${parent}:${path.at(-1) ?? ""}`, path.join(" "));
  });
  return steps.join("\n");
}

/** A line for each option whose values are known. */
export function choiceCases(
  tree: readonly CompletedCommand[],
  line: (pattern: string, choices: readonly string[]) => string,
): string {
  const lines = tree.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ names, choices }) =>
        line(names.map((name) => `"${path.join(" ")}:${name}"`).join("|"), choices),
      ),
  );
  return lines.join("\n");
}
