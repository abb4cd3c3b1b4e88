import type { ReactNode } from "react";

import { Instant } from "../../components/instant.tsx";
import { countWords, durationWords, relativeWords } from "../../lib/time-words.ts";
import type { Connection } from "../../lib/trpc.ts";

type Props = { connection: Connection; now: number; isHeldBack: boolean };

/** The three figures that say how a token is doing. */
export function ConnectionFigures({ connection, now, isHeldBack }: Props) {
  const { life, state } = connection;
  if (life === null) return null;
  const leftMs = Date.parse(life.expiresAt) - now;
  const isUsable = state !== "reconnect_required" && leftMs > 0;
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-6 sm:grid-cols-3">
      <Figure name="Time left">
        <Instant at={life.expiresAt} now={now} words={isUsable ? durationWords(leftMs) : "None"} />
      </Figure>
      <Figure name="Next renewal">
        {isHeldBack ? (
          "After the pause"
        ) : life.nextRefreshAt === null ? (
          "None planned"
        ) : (
          <Instant at={life.nextRefreshAt} now={now} words={nextWords(Date.parse(life.nextRefreshAt), now)} />
        )}
      </Figure>
      <Figure name="Chances left">{countWords(life.chancesLeft)}</Figure>
    </dl>
  );
}

function nextWords(atMs: number, now: number): string {
  return atMs <= now ? "Due now" : relativeWords(atMs, now);
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-small text-soft">{name}</dt>
      <dd className="figures text-figure first-letter:capitalize">{children}</dd>
    </div>
  );
}
