import { CircleCheck, CircleX } from "lucide-react";
import { useState } from "react";

import { Instant } from "../../components/instant.tsx";
import { Problem } from "../../components/problem.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { countWords } from "../../lib/time-words.ts";
import { trpc, type Sink, type SinkReceipt } from "../../lib/trpc.ts";
import { receiptWords } from "./sink-words.ts";

const LIMIT = 20;

/** What was tried, folded away; asked for when somebody looks. */
export function Receipts({ sink }: { sink: Sink }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="sm:pl-8" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer py-1 text-small text-soft hover:text-ink">
        Receipts <span className="sr-only">of {sink.name}</span>
      </summary>
      {/* Begun anew with each attempt: its receipt is there by then. */}
      {isOpen && <Lines key={`${sink.deliveredAt} ${sink.failedAttempts}`} sink={sink} />}
    </details>
  );
}

function Lines({ sink }: { sink: Sink }) {
  const now = useDeviceNow();
  const receipts = trpc.sinks.receipts.useQuery({ id: sink.id, limit: LIMIT }, { refetchOnMount: "always" });
  if (receipts.data === undefined) {
    return receipts.isError ? (
      <Problem error={receipts.error} onRetry={() => void receipts.refetch()} />
    ) : (
      <Skeleton className="my-2 h-10 w-full" />
    );
  }
  if (receipts.data.length === 0) return <p className="py-2 text-small text-soft">Nothing was tried yet.</p>;
  return (
    <ol aria-label={`Receipts of ${sink.name}`} className="flex flex-col divide-y divide-hairline">
      {receipts.data.map((receipt) => (
        <Line key={receipt.id} receipt={receipt} now={now} />
      ))}
    </ol>
  );
}

function Line({ receipt, now }: { receipt: SinkReceipt; now: number }) {
  const { problem, startedAt, durationMs } = receipt;
  const Icon = problem === null ? CircleCheck : CircleX;
  return (
    <li className="flex gap-2.5 py-2.5 text-caption">
      <Icon
        className={`mt-0.5 size-4 shrink-0 ${problem === null ? "text-evergreen" : "text-clay"}`}
        aria-hidden="true"
      />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-4">
          <span className="font-semibold">{receiptWords(receipt)}</span>
          <span className="figures text-soft">
            <Instant at={startedAt} now={now} isPast />, {countWords(durationMs)} ms
          </span>
        </p>
        {problem !== null && <p className="text-soft">{problem.message}</p>}
      </div>
    </li>
  );
}
