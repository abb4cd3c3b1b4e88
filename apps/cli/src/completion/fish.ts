import type { CompletedCommand } from "./command-tree.ts";

/** A script that makes fish complete the command, with what each word is for. */
export function fishCompletion(name: string, tree: readonly CompletedCommand[]): string {
  const lines = tree.flatMap((command) => {
    const when = `complete -c ${name} -n ${quoted(conditionOf(command))}`;
    return [
      ...command.commands.map((below) => `${when} -a ${quoted(below.name)} -d ${quoted(below.description)}`),
      ...command.choices.map((choice) => `${when} -a ${quoted(choice)}`),
      ...command.options.map(({ names, takesValue, choices, description }) => {
        const flags = names.map((each) =>
          each.startsWith("--") ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`,
        );
        const value = takesValue ? " -x" : "";
        const values = choices.length === 0 ? "" : ` -a ${quoted(choices.join(" "))}`;
        return `${when} ${flags.join(" ")}${value}${values} -d ${quoted(description)}`;
      }),
    ];
  });
  return `# Completion of ${name} for fish. Load it with: ${name} completion fish | source
complete -c ${name} -f
${lines.join("\n")}
`;
}

/** True where the words so far lead to this command and to none below it. */
function conditionOf({ path, commands }: CompletedCommand): string {
  if (path.length === 0) return "__fish_use_subcommand";
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = commands.map((command) => command.name);
  const notBelow = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(" ")}`];
  return [...seen, ...notBelow].join("; and ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
