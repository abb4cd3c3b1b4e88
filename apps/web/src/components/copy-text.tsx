import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";

import { Button, type ButtonTone } from "./button.tsx";

type Props = {
  /** What it is, as in "Copy the key". */
  name: string;
  text: string;
  tone?: ButtonTone;
};

type Outcome = "none" | "copied" | "refused";

/** A text to take along, with the button that copies it. Where the browser refuses, it is selected instead. */
export function CopyText({ name, text, tone = "secondary" }: Props) {
  const code = useRef<HTMLElement>(null);
  const [{ of, outcome }, setDone] = useState<{ of: string; outcome: Outcome }>({
    of: text,
    outcome: "none",
  });
  const shown = of === text ? outcome : "none";
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone({ of: text, outcome: "copied" });
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setDone({ of: text, outcome: "refused" });
    }
  };
  const Icon = shown === "copied" ? Check : Copy;
  return (
    <div className="flex flex-col items-start gap-2">
      <code
        ref={code}
        translate="no"
        className="w-full rounded-medium border border-hairline bg-sunken px-3 py-2.5 font-mono text-small break-all select-all"
      >
        {text}
      </code>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button tone={tone} onClick={() => void copy()}>
          <Icon className="size-4" aria-hidden="true" />
          Copy {name}
        </Button>
        <output className="text-small text-soft empty:hidden">
          {shown === "copied" && "Copied."}
          {shown === "refused" &&
            "This browser does not let it be copied here: it is selected, copy it by hand."}
        </output>
      </div>
    </div>
  );
}
