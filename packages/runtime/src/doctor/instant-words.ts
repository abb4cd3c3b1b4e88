/** An instant in a sentence, to the minute: what is fine is read in passing. */
export function instantWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
