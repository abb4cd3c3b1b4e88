import { useState, type ReactNode } from "react";

import { trpc, type AttemptStep } from "../../lib/trpc.ts";
import { Loading, Skeleton } from "../skeleton.tsx";
import { CallList } from "./call-list.tsx";
import { Explanation, causesOf } from "./explanation.tsx";

type Failure = { code: string; upstreamReason: string | null };
type Props = {
  /** What it failed with; null when it went well. */
  failure: Failure | null;
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
          {failure !== null && <Why failure={failure} />}
          <CallList steps={steps} />
          {children}
        </div>
      )}
    </details>
  );
}

/** What is known about a failure does not change while a page is open. */
const FOR_EVER = Number.POSITIVE_INFINITY;

function Why({ failure: { code, upstreamReason } }: { failure: Failure }) {
  const query = trpc.diagnostics.explain.useQuery({ code, upstreamReason }, { staleTime: FOR_EVER });
  if (query.data !== undefined) return <Explanation entry={query.data} causes={causesOf(query.data)} />;
  if (query.isError) return null; // what happened and what to do stands above already
  return (
    <>
      <Loading what="what is known about it" />
      <div aria-hidden="true" className="flex flex-col gap-2">
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-4 w-4/5" />
        <Skeleton className="h-4 w-2/3" />
      </div>
    </>
  );
}
