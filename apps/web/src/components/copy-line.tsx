import { Check, Copy } from "lucide-react";

import { COPY_WORDS, useCopy } from "../lib/use-copy.ts";
import { Button } from "./button.tsx";

/** A text to take along among many: one row, which says what it copies to who does not see it. */
export function CopyLine({ text }: { text: string }) {
  const { shown, outcome, copy } = useCopy(text);
  const Icon = outcome === "copied" ? Check : Copy;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start gap-2 rounded-medium border border-hairline bg-sunken py-1 pr-1 pl-3">
        <code
          ref={shown}
          translate="no"
          className="min-w-0 grow py-1.5 font-mono text-caption break-all whitespace-pre-wrap select-all"
        >
          {text}
        </code>
        <Button tone="quiet" size="small" aria-label={`Copy ${text.split("\n").join(" ")}`} onClick={copy}>
          <Icon className="size-4" aria-hidden="true" />
          Copy
        </Button>
      </div>
      <output className="text-caption text-soft empty:hidden">{COPY_WORDS[outcome]}</output>
    </div>
  );
}
