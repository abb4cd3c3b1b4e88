import { trpc } from "../../lib/trpc.ts";
import { Loading, Skeleton } from "../skeleton.tsx";
import { Explanation, causesOf } from "./explanation.tsx";

/** A failure by its stable codes. */
export type Failure = { code: string; upstreamReason: string | null };

/** What is known about a failure does not change while a page is open. */
const FOR_EVER = Number.POSITIVE_INFINITY;

/** What the catalogue knows of a failure. Nothing where it cannot be read: what happened and what to do stands above. */
export function KnownCauses({ failure: { code, upstreamReason } }: { failure: Failure }) {
  const query = trpc.diagnostics.explain.useQuery({ code, upstreamReason }, { staleTime: FOR_EVER });
  if (query.data !== undefined) return <Explanation entry={query.data} causes={causesOf(query.data)} />;
  return query.isError ? null : <ExplanationSkeleton />;
}

/** An explanation on its way. */
export function ExplanationSkeleton() {
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
