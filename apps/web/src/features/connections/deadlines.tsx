import type { ReactNode } from "react";

import { Instant } from "../../components/instant.tsx";
import { dayAndTimeWords } from "../../lib/time-words.ts";
import type { Connection } from "../../lib/trpc.ts";

type Props = { connection: Connection; now: number };

/** The instants of a token's life, each with its sign on the lifeline. */
export function Deadlines({ connection, now }: Props) {
  const { life } = connection;
  if (life === null) return <p className="text-small text-soft">Without a token there are no deadlines.</p>;
  const isPage = connection.flavour === "facebook";
  const rows: { name: string; note: string; at: string; sign: ReactNode }[] = [
    {
      name: "Issued",
      note: "The present token began here.",
      at: life.issuedAt,
      sign: <circle cx="10" cy="10" r="4" />,
    },
    {
      name: "Renewable",
      note: "Instagram refuses a renewal before the token is a day old.",
      at: life.refreshableAt,
      sign: <path d="M10 5v10" strokeDasharray="2 2.5" />,
    },
    {
      name: "Due",
      note: "From here on it is renewed at the next chance.",
      at: life.dueAt,
      sign: <path d="M10 2v16" strokeDasharray="2 2.5" />,
    },
    {
      name: "Urgent",
      note: "From here on it is renewed before anything else uses it.",
      at: life.urgentAt,
      sign: <path d="M10 2v16" />,
    },
    {
      name: endName(isPage, Date.parse(life.expiresAt) <= now),
      note: endNote(isPage, life.isExpiryEstimated),
      at: life.expiresAt,
      sign: isPage ? <path d="M10 5l5 5-5 5-5-5z" /> : <path d="M5.5 5.5l9 9m0-9l-9 9" />,
    },
  ];
  return (
    <ol aria-label="Deadlines" className="flex flex-col divide-y divide-hairline">
      {rows.map(({ name, note, at, sign }) => {
        const isPast = Date.parse(at) <= now;
        return (
          <li key={name} className="flex gap-3 py-3 first:pt-0 last:pb-0">
            <svg
              viewBox="0 0 20 20"
              className={`mt-0.5 size-5 shrink-0 fill-none ${isPast ? "stroke-outline" : "stroke-ink"}`}
              strokeWidth="1.75"
              strokeLinecap="round"
              aria-hidden="true"
            >
              {sign}
            </svg>
            <div className="min-w-0 grow text-small">
              <p className="font-semibold">{name}</p>
              <p className="text-caption text-soft">{note}</p>
            </div>
            <div className="shrink-0 text-right text-small">
              <p>
                <Instant at={at} now={now} />
              </p>
              <p className="figures text-caption text-soft" aria-hidden="true">
                {dayAndTimeWords(Date.parse(at))}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function endName(isPage: boolean, isPast: boolean): string {
  if (isPage) return isPast ? "Access ended" : "Access ends";
  return isPast ? "Expired" : "Expires";
}

function endNote(isPage: boolean, isEstimated: boolean): string {
  if (isEstimated) return "Instagram did not say when; this is a careful guess.";
  return isPage
    ? "Facebook asks for a new sign-in by then."
    : "An expired token cannot be renewed; only a new sign-in helps.";
}
