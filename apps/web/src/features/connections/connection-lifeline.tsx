import { lazy, Suspense } from "react";

import { layOutLifeline } from "../../components/lifeline/geometry.ts";
import { Lifeline, type LifelineTone } from "../../components/lifeline/lifeline.tsx";
import { lifelineWords } from "../../components/lifeline/words.ts";
import type { Connection, HistoryEntry } from "../../lib/trpc.ts";
import { lifelineEventsOf, lifelineLifeOf } from "./life.ts";

const LifelineNotches = lazy(async () => {
  const { LifelineNotches } = await import("../../components/lifeline/lifeline-notches.tsx");
  return { default: LifelineNotches };
});

type Props = {
  connection: Connection;
  tone: LifelineTone;
  now: number;
  size: "small" | "large";
  /** What happened so far, where it is known. */
  history?: readonly HistoryEntry[];
};

/** The lifeline of a connection; a plain sentence where no token is held. */
export function ConnectionLifeline({ connection, tone, now, size, history = [] }: Props) {
  if (connection.life === null) {
    return <p className="text-small text-soft">No token is held, so there is no lifeline to draw.</p>;
  }
  const life = lifelineLifeOf(connection.life, connection);
  const geometry = layOutLifeline(life, size === "large" ? lifelineEventsOf(history) : [], now);
  return (
    <Lifeline
      life={life}
      geometry={geometry}
      now={now}
      tone={tone}
      size={size}
      alternative={lifelineWords(life, geometry, now)}
    >
      {geometry.notches.length > 0 && (
        <Suspense fallback={null}>
          <LifelineNotches notches={geometry.notches} now={now} />
        </Suspense>
      )}
    </Lifeline>
  );
}
