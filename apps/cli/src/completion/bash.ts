import type { CompletedCommand } from "./command-tree.ts";
import { optionCases, pathCases, choiceCases } from "./word-cases.ts";

/** A script that makes bash complete the command. What was typed is compared, and never evaluated. */
export function bashCompletion(name: string, tree: readonly CompletedCommand[]): string {
  const suggestions = tree.map(
    ({ path, commands, choices, options }) => `    "${path.join(" ")}")
      words="${[...commands.map((command) => command.name), ...choices].join(" ")}"
      options="${options.flatMap(({ names }) => names).join(" ")}" ;;`,
  );
  return `# Completion of ${name} for bash. Load it with: source <(${name} completion bash)
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at="" awaits="" words="" options="" word index
  COMPREPLY=()
  [[ $current == "=" ]] && current=""
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    [[ $word == "=" ]] && continue
    if [[ -n $awaits ]]; then awaits=""; continue; fi
    case "$at:$word" in
${optionCases(tree, (pattern) => `      ${pattern}) awaits="$at:$word" ;;`)}
${pathCases(tree, (from, to) => `      "${from}") at="${to}" ;;`)}
    esac
  done
  if [[ -n $awaits ]]; then
    case "$awaits" in
${choiceCases(tree, (pattern, choices) => `      ${pattern}) words="${choices.join(" ")}" ;;`)}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case "$at" in
${suggestions.join("\n")}
  esac
  [[ $current == -* ]] && words="$options"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _${name} ${name}
`;
}
