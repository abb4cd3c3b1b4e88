import { Argument, type Command } from "commander";

import { examples } from "../help-text.ts";
import type { Output } from "../output.ts";
import { bashCompletion } from "./bash.ts";
import { commandTree, type CompletedCommand } from "./command-tree.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (name: string, tree: readonly CompletedCommand[]) => string
>;

const EXPLANATION = `The script knows every command and option as they are now, and starts no process while you type: load it anew after an
upgrade. It completes the word perennial, be it an alias, a function or a command.`;

/** `perennial completion`: what makes a shell complete commands and options. */
export function completionCommand(program: Command, output: Output): void {
  program
    .command("completion")
    .description("print a script that makes your shell complete commands and options")
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(SHELLS)))
    .addHelpText(
      "after",
      examples(
        [
          "source <(perennial completion bash)",
          "source <(perennial completion zsh)",
          "perennial completion fish | source",
        ],
        EXPLANATION,
      ),
    )
    .action((shell: keyof typeof SHELLS) => {
      output.out.write(SHELLS[shell](program.name(), commandTree(program)));
    });
}
