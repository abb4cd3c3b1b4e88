import { Check, CloudOff, X } from "lucide-react";

import type { AttemptStep } from "../../lib/trpc.ts";
import { callFacts, callWords, outcomeWords } from "./call-words.ts";

/** The calls to Instagram and Facebook that an attempt made, in the order in which they ended. */
export function CallList({ steps }: { steps: readonly AttemptStep[] }) {
  if (steps.length === 0)
    return <p className="text-small text-soft">Nothing was asked of Instagram or Facebook.</p>;
  return (
    <ol aria-label="Calls" className="flex flex-col gap-3 text-small">
      {steps.map((step) => (
        <li key={`${step.operation} ${step.startedAt} ${step.durationMs}`} className="flex gap-3">
          <CallMark step={step} />
          <div className="min-w-0">
            <p>
              <span className="font-semibold">{callWords(step)}</span>{" "}
              <span className="text-soft">{outcomeWords(step)}</span>
            </p>
            <p className="figures text-caption break-words text-soft">
              {step.host} · {callFacts(step)}
            </p>
            {step.traceId !== null && (
              <p className="text-caption text-soft">
                Trace id <span className="font-mono break-all text-ink">{step.traceId}</span>
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function CallMark({ step }: { step: AttemptStep }) {
  const shape = "mt-0.5 size-4 shrink-0";
  switch (outcomeWords(step)) {
    case "fine":
      return <Check className={`${shape} text-evergreen`} aria-hidden="true" />;
    case "refused":
      return <X className={`${shape} text-clay`} aria-hidden="true" />;
    default:
      return <CloudOff className={`${shape} text-amber`} aria-hidden="true" />;
  }
}
