import type { ReactNode } from "react";

import { Instant } from "../../components/instant.tsx";
import { dayAndTimeWords } from "../../lib/time-words.ts";
import type { Connection } from "../../lib/trpc.ts";
import { basisWords, deadlineRows, type DeadlineRow, type DeadlineSign } from "./deadline-words.ts";

type Props = { connection: Connection; now: number };

/** The instants a connection lives by, each with its sign on the lifeline and how sure it is. */
export function Deadlines({ connection, now }: Props) {
  const rows = deadlineRows(connection);
  if (rows.length === 0)
    return <p className="text-small text-soft">Without a token there are no deadlines.</p>;
  return (
    <ol aria-label="Deadlines" className="flex flex-col divide-y divide-hairline">
      {rows.map((row) => (
        <Line key={row.sign} row={row} basis={basisWords(row.deadline, row.sign, connection)} now={now} />
      ))}
    </ol>
  );
}

const SIGNS: Record<DeadlineSign, ReactNode> = {
  proof: <circle cx="10" cy="10" r="4" />,
  gate: <path d="M10 5v10" strokeDasharray="2 2.5" />,
  due: <path d="M10 2v16" strokeDasharray="2 2.5" />,
  urgent: <path d="M10 2v16" />,
  expiry: <path d="M5.5 5.5l9 9m0-9l-9 9" />,
  access: <path d="M10 5l5 5-5 5-5-5z" />,
};

function Line({ row, basis, now }: { row: DeadlineRow; basis: string | null; now: number }) {
  const { sign, name, note, deadline } = row;
  const { at } = deadline;
  const isPast = at === null || Date.parse(at) <= now;
  return (
    <li className="flex gap-3 py-3 first:pt-0 last:pb-0">
      <svg
        viewBox="0 0 20 20"
        className={`mt-0.5 size-5 shrink-0 fill-none ${isPast ? "stroke-outline" : "stroke-ink"}`}
        strokeWidth="1.75"
        strokeLinecap="round"
        aria-hidden="true"
      >
        {SIGNS[sign]}
      </svg>
      <div className="min-w-0 grow text-small">
        <p className="font-semibold">{name}</p>
        <p className="text-caption text-soft">{note}</p>
      </div>
      <div className="shrink-0 text-right text-small">
        {at === null ? (
          <p className="text-soft">{basis}</p>
        ) : (
          <>
            <p>
              <Instant at={at} now={now} />
            </p>
            <p className="figures text-caption text-soft" aria-hidden="true">
              {dayAndTimeWords(Date.parse(at))}
            </p>
            {basis !== null && <p className="text-caption text-soft">{basis}</p>}
          </>
        )}
      </div>
    </li>
  );
}
