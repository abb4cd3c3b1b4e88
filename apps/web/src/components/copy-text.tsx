import { Check, Copy } from "lucide-react";

import { COPY_WORDS, useCopy } from "../lib/use-copy.ts";
import { Button, type ButtonTone } from "./button.tsx";

type Props = {
  /** What it is, as in "Copy the key". */
  name: string;
  text: string;
  tone?: ButtonTone;
};

/** A text to take along, with the button that copies it. Where the browser refuses, it is selected instead. */
export function CopyText({ name, text, tone = "secondary" }: Props) {
  const { shown, outcome, copy } = useCopy(text);
  const Icon = outcome === "copied" ? Check : Copy;
  return (
    <div className="flex flex-col items-start gap-2">
      <code
        ref={shown}
        translate="no"
        className="w-full rounded-medium border border-hairline bg-sunken px-3 py-2.5 font-mono text-small break-all select-all"
      >
        {text}
      </code>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button tone={tone} onClick={copy}>
          <Icon className="size-4" aria-hidden="true" />
          Copy {name}
        </Button>
        <output className="text-small text-soft empty:hidden">{COPY_WORDS[outcome]}</output>
      </div>
    </div>
  );
}
