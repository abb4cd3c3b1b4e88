import { RotateCw } from "lucide-react";
import { useState } from "react";

import { Button } from "../../components/button.tsx";
import { Instant } from "../../components/instant.tsx";
import { ActionProblem, Problem } from "../../components/problem.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { ALONE, trpc, type Report as InstallationReport } from "../../lib/trpc.ts";
import { CheckList } from "./check-list.tsx";
import { levelLook, summaryWords, worstOf } from "./check-words.ts";
import { StepsOfReport } from "./steps-of-report.tsx";

/** Each look costs calls to Meta: only who asks for one gets one. */
const LOOK = { ...ALONE, staleTime: 30_000, refetchOnWindowFocus: false } as const;

/** What the doctor finds about this installation, and the steps that it cannot see. */
export function Report() {
  const query = trpc.diagnostics.report.useQuery(undefined, LOOK);
  const { data } = query;
  if (data === undefined) {
    return query.isError ? (
      <Problem error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <ReportSkeleton />
    );
  }
  return (
    <div className="flex flex-col gap-12">
      <div className="flex flex-col gap-8">
        <Summary
          report={data}
          isLooking={query.isFetching}
          onLookAgain={() => void query.refetch()}
          error={query.error}
        />
        <CheckList checks={data.checks} />
      </div>
      <StepsOfReport report={data} />
    </div>
  );
}

type SummaryProps = {
  report: InstallationReport;
  isLooking: boolean;
  onLookAgain: () => void;
  error: Parameters<typeof ActionProblem>[0]["error"];
};

function Summary({ report, isLooking, onLookAgain, error }: SummaryProps) {
  // Looked at by people's clocks, which no simulator moves.
  const now = useDeviceNow();
  const [asked, setAsked] = useState<string | null>(null);
  const { checkedAt, checks } = report;
  const { icon: Icon, colour, wash } = levelLook(worstOf(checks));
  const isSame = asked === checkedAt && !isLooking;
  return (
    <div className={`flex flex-col gap-4 rounded-large p-4 sm:p-6 ${wash}`}>
      <div className="flex gap-4">
        <Icon className={`mt-0.5 size-6 shrink-0 ${colour}`} aria-hidden="true" />
        <div>
          <output className="block text-heading">{summaryWords(checks)}</output>
          <p className="mt-1 text-small">
            Looked at <Instant at={checkedAt} now={now} isPast />, with the settings this server was started
            with.
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 sm:pl-10">
        <Button
          tone="secondary"
          isBusy={isLooking}
          onClick={() => {
            setAsked(checkedAt);
            onLookAgain();
          }}
        >
          <RotateCw className="size-4" aria-hidden="true" />
          Look again
        </Button>
        <output className="text-small empty:hidden">
          {isLooking && "Looking, which takes a few seconds."}
          {isSame && error === null && "It has looked only now, and looks anew after half a minute."}
        </output>
        <ActionProblem error={isLooking ? null : error} />
      </div>
    </div>
  );
}

/** In the size of a report. */
export function ReportSkeleton() {
  return (
    <>
      <Loading what="the report" />
      <div aria-hidden="true" className="flex flex-col gap-8">
        <div className="flex flex-col gap-3 rounded-large bg-sunken p-4 sm:p-6">
          <Skeleton className="h-6 w-72 max-w-full" />
          <Skeleton className="h-4 w-80 max-w-full" />
          <Skeleton className="mt-1 h-11 w-36 rounded-medium" />
        </div>
        {[0, 1, 2, 3].map((group) => (
          <div key={group} className="grid gap-x-8 gap-y-2 sm:grid-cols-[11rem_minmax(0,1fr)]">
            <Skeleton className="h-4 w-24" />
            <Skeleton className="h-4 w-full" />
          </div>
        ))}
      </div>
    </>
  );
}
