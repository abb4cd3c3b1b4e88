import { ExplanationSkeleton, KnownCauses } from "../../components/diagnosis/known-causes.tsx";
import { RankedExplanation } from "../../components/diagnosis/ranked-explanation.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { ALONE, trpc, type Connection } from "../../lib/trpc.ts";
import { isOver } from "./state-words.ts";

/** Small calls of ours look for evidence: as often as the api makes them, and not each time somebody looks away. */
const LOOK = { ...ALONE, staleTime: 60_000, refetchOnWindowFocus: false } as const;

/** Whether something stands in the way that can be explained. */
export function hasCause({ state, problem }: Pick<Connection, "state" | "problem">): boolean {
  return problem !== null && (state === "failing" || isOver({ state }));
}

/** Why a connection fails or has ended: the causes, those first that speak for themselves, and what helps. */
export function WhyItFails({ connection }: { connection: Connection }) {
  const { id, problem } = connection;
  const query = trpc.diagnostics.connection.useQuery({ id }, LOOK);
  const { data } = query;
  return (
    <Section title="Why, and what helps">
      {data === undefined ? (
        query.isError ? (
          <Problem error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <ExplanationSkeleton />
        )
      ) : data === null ? (
        // Nothing was tried: Instagram told it by itself, or it is too long ago.
        problem !== null && <KnownCauses failure={{ code: problem.code, upstreamReason: null }} />
      ) : (
        <RankedExplanation entry={data} causes={data.causes} look="done" />
      )}
    </Section>
  );
}
