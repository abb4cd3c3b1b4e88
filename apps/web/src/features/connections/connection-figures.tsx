import type { ReactNode } from "react";

import { Instant } from "../../components/instant.tsx";
import { countWords, durationWords, relativeWords } from "../../lib/time-words.ts";
import type { Connection, TokenLife } from "../../lib/trpc.ts";
import { isOver } from "./state-words.ts";

type Props = { connection: Connection; now: number; isHeldBack: boolean };

/** The three figures that say how a token is doing. */
export function ConnectionFigures({ connection, now, isHeldBack }: Props) {
  const { life, renewal } = connection;
  if (life === null) return null;
  const leftMs = Date.parse(life.expiresAt) - now;
  const isUsable = !isOver(connection) && leftMs > 0;
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-6 sm:grid-cols-3">
      <Figure name="Time left">
        <Instant at={life.expiresAt} now={now} words={isUsable ? durationWords(leftMs) : "None"} />
      </Figure>
      <Figure name={renewal === "person" ? "Next look" : "Next renewal"}>
        <Next life={life} now={now} isHeldBack={isHeldBack} />
      </Figure>
      {renewal === "person" ? (
        <Figure name="Last seen to work">
          <LastProof connection={connection} now={now} />
        </Figure>
      ) : (
        <Figure name="Chances left">{countWords(life.chancesLeft)}</Figure>
      )}
    </dl>
  );
}

function Next({ life, now, isHeldBack }: { life: TokenLife; now: number; isHeldBack: boolean }) {
  if (isHeldBack) return "After the pause";
  const { nextRefreshAt: at } = life;
  if (at === null) return "None planned";
  return <Instant at={at} now={now} words={nextWords(Date.parse(at), now)} />;
}

function LastProof({ connection: { deadlines }, now }: Pick<Props, "connection" | "now">) {
  const at = deadlines?.lastProof.at ?? null;
  return at === null ? "Not known" : <Instant at={at} now={now} />;
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
