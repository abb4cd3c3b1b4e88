import { useRef, useState, type RefObject } from "react";

/** What came of a copy. `refused`: the browser does not allow it, and the text is selected instead. */
export type CopyOutcome = "none" | "copied" | "refused";

/** Copying of one text. Another text has not been copied yet. */
export function useCopy(text: string): {
  /** Goes to the element that shows the text. */
  shown: RefObject<HTMLElement | null>;
  outcome: CopyOutcome;
  copy: () => void;
} {
  const shown = useRef<HTMLElement>(null);
  const [done, setDone] = useState<{ of: string; outcome: CopyOutcome }>({ of: text, outcome: "none" });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone({ of: text, outcome: "copied" });
    } catch {
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setDone({ of: text, outcome: "refused" });
    }
  };
  return { shown, outcome: done.of === text ? done.outcome : "none", copy: () => void copy() };
}

/** What came of it, in words; nothing before. */
export const COPY_WORDS: Record<CopyOutcome, string> = {
  none: "",
  copied: "Copied.",
  refused: "This browser does not let it be copied here: it is selected, copy it by hand.",
};
