import { Explanation, causesOf } from "../../components/diagnosis/explanation.tsx";
import { trpc, type CatalogueEntry } from "../../lib/trpc.ts";

/** Asked once: what is found out about an attempt that is over does not change while its page is open. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const;

/** What a failed sign-in comes from: what is known at once, and in its place what small calls have shown. */
export function Cause({ help, attemptId }: { help: CatalogueEntry; attemptId: string | null }) {
  const query = trpc.auth.diagnosis.useQuery(
    { attemptId: attemptId ?? "" },
    { ...ONCE, enabled: attemptId !== null },
  );
  const causes = query.data?.causes ?? causesOf(help);
  const hasEvidence = causes.some(({ seen }) => seen !== null);
  return (
    <div className="flex flex-col gap-3">
      <Explanation entry={help} causes={causes} />
      <output className="min-h-5 text-caption text-soft">
        {query.isFetching && "Looking for what speaks for one of them."}
        {query.data !== undefined &&
          (hasEvidence ? "Ordered by what was seen." : "Nothing was seen that speaks for one of them.")}
      </output>
    </div>
  );
}
