import { useState, type ReactNode } from "react";

import type { AttemptStep, CatalogueEntry } from "../../lib/trpc.ts";
import { CallList } from "./call-list.tsx";
import { Explanation, causesOf } from "./explanation.tsx";
import { KnownCauses, type Failure } from "./known-causes.tsx";

type Props = {
  /** What it failed with, or what is known of that already; null when it went well. */
  failure: Failure | CatalogueEntry | null;
  steps: readonly AttemptStep[];
  /** Stands at the end: a way to take it along. */
  children?: ReactNode;
};

/** Folded beneath an attempt: why it failed and what helps, and the calls that were made. Read when it is opened. */
export function AttemptDetails({ failure, steps, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  if (failure === null && steps.length === 0) return null;
  return (
    <details className="mt-2" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer py-1 text-caption font-semibold text-soft hover:text-ink">
        {failure === null ? "What we did" : "Why, what helps, and what we did"}
      </summary>
      {isOpen && (
        <div className="flex flex-col gap-5 pt-3 pb-1">
          {failure !== null && <Known failure={failure} />}
          <CallList steps={steps} />
          {children}
        </div>
      )}
    </details>
  );
}

function Known({ failure }: { failure: Failure | CatalogueEntry }) {
  if ("code" in failure) return <KnownCauses failure={failure} />;
  return <Explanation entry={failure} causes={causesOf(failure)} />;
}
