import { Explanation, type Causes } from "./explanation.tsx";

type Props = Parameters<typeof Explanation>[0] & {
  /** How far the look for evidence is; `none` where nothing can be found out. */
  look: "none" | "running" | "done";
};

/** An explanation whose causes are being put in order by what is seen, and the word on how far that is. */
export function RankedExplanation({ look, ...explanation }: Props) {
  return (
    <div className="flex flex-col gap-3">
      <Explanation {...explanation} />
      <output className="min-h-5 text-caption text-soft">
        {look === "running" && "Looking for what speaks for one of them."}
        {look === "done" && orderWords(explanation.causes)}
      </output>
    </div>
  );
}

function orderWords(causes: Causes): string {
  return causes.some(({ seen }) => seen !== null)
    ? "Ordered by what was seen."
    : "Nothing was seen that speaks for one of them.";
}
