import type { Command } from "commander";

/** An option as a shell may complete it. */
export type CompletedOption = {
  names: string[];
  description: string;
  takesValue: boolean;
  /** The values that it can have; empty where anything goes. */
  choices: readonly string[];
};

/** A command as a shell may complete it. */
export type CompletedCommand = {
  /** Empty for the program itself. */
  path: readonly string[];
  description: string;
  commands: { name: string; description: string }[];
  options: CompletedOption[];
  /** The values that its arguments can have. */
  choices: readonly string[];
};

/** Every command of a tree that its help shows, the program first. Global options are everywhere. */
export function commandTree(program: Command, path: readonly string[] = []): CompletedCommand[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const options = [...help.visibleOptions(program), ...help.visibleGlobalOptions(program)];
  const isShown =
    path.length === 0 ? [] : help.visibleOptions(rootOf(program)).filter(({ long }) => long === "--json");
  const own = new Set(options);
  const node: CompletedCommand = {
    path,
    description: program.description(),
    commands: commands.map((command) => ({ name: command.name(), description: command.description() })),
    options: [...options, ...isShown.filter((option) => !own.has(option))].map((option) => ({
      names: [option.long, option.short].filter((name) => name !== undefined),
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    choices: program.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  const isImplicit = (command: Command): boolean => command.parent === null;
  const below = commands.filter((command) => !isImplicit(command));
  return [node, ...below.flatMap((command) => commandTree(command, [...path, command.name()]))];
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
