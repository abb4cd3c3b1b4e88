import { Instant } from "../../components/instant.tsx";
import type { Sentence } from "./sentence.ts";

/** A sentence whose instants show themselves exactly on hover. */
export function SentenceText({ sentence, now }: { sentence: Sentence; now: number }) {
  return sentence.map((part, index) =>
    typeof part === "string" ? part : <Instant key={index} at={part.at} now={now} words={part.words} />,
  );
}
