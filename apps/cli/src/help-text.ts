/** Examples as they stand at the end of a command's help, after a paragraph or two where there is more to say. */
export function examples(lines: readonly string[], explanation = ""): string {
  const before = explanation === "" ? "" : `\n${explanation}\n`;
  return `${before}\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
