import {
  CircleCheck,
  CircleX,
  ClipboardPaste,
  CloudAlert,
  Eye,
  KeyRound,
  Leaf,
  Undo2,
  Wrench,
} from "lucide-react";

import { AttemptDetails } from "../../components/diagnosis/attempt-details.tsx";
import { endedByOf } from "../../components/diagnosis/ended-by.tsx";
import { Button } from "../../components/button.tsx";
import { Instant } from "../../components/instant.tsx";
import { Problem, ProofIds } from "../../components/problem.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { dayWords } from "../../lib/time-words.ts";
import type { HistoryEntry } from "../../lib/trpc.ts";
import {
  foldLooks,
  historyNote,
  historyTitle,
  tookWords,
  triggerWords,
  type HistoryLine,
} from "./history-words.ts";
import { ExportAttempt } from "./export-attempt.tsx";
import { cureFor } from "./state-words.ts";
import type { History } from "./use-history.ts";

type Props = { history: History; connectionId: string; now: number };

/** What was tried and what came of it, newest first. */
export function HistoryLog({ history, connectionId, now }: Props) {
  if (history.data === undefined) {
    return history.isError ? (
      <Problem error={history.error} onRetry={() => void history.refetch()} />
    ) : (
      <HistorySkeleton />
    );
  }
  if (history.data.length === 0) return <p className="text-small text-soft">Nothing has happened yet.</p>;
  return (
    <div className="flex flex-col items-start gap-4">
      <ol aria-label="History" className="flex w-full flex-col divide-y divide-hairline">
        {foldLooks(history.data).map((line) => (
          <Line key={line.entry.id} line={line} connectionId={connectionId} now={now} />
        ))}
      </ol>
      {history.hasNextPage && (
        <Button
          tone="secondary"
          isBusy={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  );
}

type LineProps = { line: HistoryLine; connectionId: string; now: number };

function Line({ line: { entry, count, firstAt }, connectionId, now }: LineProps) {
  const { outcome, trigger, startedAt, tokenExpiresAt, problem, traceId, upstreamReason, steps } = entry;
  const note = historyNote(entry);
  return (
    <li className="flex gap-3 py-4 first:pt-0">
      <HistoryIcon entry={entry} />
      <div className="min-w-0 grow text-small">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span>
            <span className="font-semibold">{historyTitle(entry, count)}</span>{" "}
            <span className="text-soft">{triggerWords(trigger)}</span>
          </span>
          <span className="text-soft">
            <Instant at={startedAt} now={now} />
          </span>
        </p>
        {outcome === "failed" && problem !== null && (
          <p className="mt-1">
            {problem.message} <span className="text-soft">{cureFor(problem)}</span>
          </p>
        )}
        {note !== null && <p className="mt-1">{note}</p>}
        <p className="figures mt-0.5 text-caption text-soft">
          {count === 1 ? (
            tookWords(entry)
          ) : (
            <>
              first <Instant at={firstAt} now={now} />
            </>
          )}
          {tokenExpiresAt !== null && ` · token good until ${dayWords(Date.parse(tokenExpiresAt), now)}`}
        </p>
        <ProofIds explained={{ traceId, requestId: null }} />
        <AttemptDetails
          failure={outcome === "failed" && problem !== null ? { code: problem.code, upstreamReason } : null}
          steps={steps}
        >
          {outcome === "failed" && <ExportAttempt connectionId={connectionId} entry={entry} />}
        </AttemptDetails>
      </div>
    </li>
  );
}

function HistoryIcon({ entry: { kind, outcome, problem } }: { entry: HistoryEntry }) {
  const shape = "mt-0.5 size-5 shrink-0";
  if (outcome === "failed") {
    switch (problem === null ? "person" : endedByOf(problem.class)) {
      case "time":
        return <CloudAlert className={`${shape} text-amber`} aria-hidden="true" />;
      case "operator":
        return <Wrench className={`${shape} text-slate`} aria-hidden="true" />;
      default:
        return <CircleX className={`${shape} text-clay`} aria-hidden="true" />;
    }
  }
  switch (kind) {
    case "sign_in":
      return <KeyRound className={`${shape} text-evergreen`} aria-hidden="true" />;
    case "import":
      return <ClipboardPaste className={`${shape} text-evergreen`} aria-hidden="true" />;
    case "proof":
      return <Eye className={`${shape} text-evergreen`} aria-hidden="true" />;
    case "validate":
      return <CircleCheck className={`${shape} text-evergreen`} aria-hidden="true" />;
    case "restore":
      return <Undo2 className={`${shape} text-evergreen`} aria-hidden="true" />;
    case "refresh":
      return <Leaf className={`${shape} text-leaf`} aria-hidden="true" />;
  }
}

function HistorySkeleton() {
  return (
    <>
      <Loading what="the history" />
      <div aria-hidden="true" className="flex flex-col gap-8">
        {[0, 1, 2].map((line) => (
          <div key={line} className="flex gap-3">
            <Skeleton className="size-5 rounded-full" />
            <div className="flex grow flex-col gap-2">
              <Skeleton className="h-4 w-2/3" />
              <Skeleton className="h-3.5 w-1/3" />
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
