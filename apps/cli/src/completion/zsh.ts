import type { CompletedCommand } from "./command-tree.ts";
import { choiceCases, optionCases, pathCases } from "./word-cases.ts";

/** A script that makes zsh complete the command, with what each word is for. */
export function zshCompletion(name: string, tree: readonly CompletedCommand[]): string {
  const suggestions = tree.map(({ path, commands, choices, options }) => {
    const words = [
      ...commands.map((command) => described(command.name, command.description)),
      ...choices.map((choice) => described(choice, "")),
    ];
    const flags = options.flatMap(({ names, description }) =>
      names.map((each) => described(each, description)),
    );
    return `    ("${path.join(" ")}")
      found=(${words.join(" ")})
      flags=(${flags.join(" ")}) ;;`;
  });
  return `#compdef ${name}
# Completion of ${name} for zsh. Load it, after compinit, with: source <(${name} completion zsh)
_${name}() {
  local current="\${words[CURRENT]}" at="" awaits="" word index
  local -a found flags
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    if [[ -n $awaits ]]; then awaits=""; continue; fi
    case "$at:$word" in
${optionCases(tree, (pattern) => `      (${pattern}) awaits="$at:$word" ;;`)}
${pathCases(tree, (from, to) => `      ("${from}") at="${to}" ;;`)}
    esac
  done
  if [[ -n $awaits ]]; then
    case "$awaits" in
${choiceCases(tree, (pattern, choices) => `      (${pattern}) found=(${choices.join(" ")}) ;;`)}
    esac
    compadd -a found
    return
  fi
  case "$at" in
${suggestions.join("\n")}
  esac
  if [[ $current == -* ]]; then
    _describe -o 'option' flags
  else
    _describe 'command' found
  fi
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

/** A word and what it is for, as `_describe` takes them: a colon between, and quoted. */
function described(word: string, description: string): string {
  const text = description === "" ? word : `${word}:${description.replaceAll(":", "\\:")}`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
