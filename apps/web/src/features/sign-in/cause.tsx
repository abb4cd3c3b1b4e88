import { causesOf } from "../../components/diagnosis/explanation.tsx";
import { RankedExplanation } from "../../components/diagnosis/ranked-explanation.tsx";
import { trpc, type CatalogueEntry } from "../../lib/trpc.ts";

/** Asked once: what is found out about an attempt that is over does not change while its page is open. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const;

/** What a failed sign-in comes from: what is known at once, and in its place what small calls have shown. */
export function Cause({ help, attemptId }: { help: CatalogueEntry; attemptId: string | null }) {
  const { data, isFetching } = trpc.auth.diagnosis.useQuery(
    { attemptId: attemptId ?? "" },
    { ...ONCE, enabled: attemptId !== null },
  );
  return (
    <RankedExplanation
      entry={data ?? help} // what was ruled out is not to be done either
      causes={data?.causes ?? causesOf(help)}
      isBadged
      look={isFetching ? "running" : data === undefined ? "none" : "done"}
    />
  );
}
