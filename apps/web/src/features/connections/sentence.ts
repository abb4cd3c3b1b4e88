/** A sentence in which an instant stays an instant, so that it can be hovered and read out exactly. */
export type Sentence = readonly (string | { at: string; words: string })[];

/** The sentence as plain text. */
export function textOf(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : part.words)).join("");
}
