import { useEffect, useState } from "react";

import { layOutLifeline, type LifelineEvent, type LifelineLife } from "../../components/lifeline/geometry.ts";
import { Lifeline } from "../../components/lifeline/lifeline.tsx";

const DAY_MS = 86_400_000;
/** Long enough to read the line before it is renewed. */
const RENEWED_AFTER_MS = 1_400;
const PAST_RENEWALS = 3;

type Moment = { life: LifelineLife; events: LifelineEvent[]; now: number };

/** A connection at day 31, and a moment later: renewed, with sixty days ahead of it again. */
function momentsAround(now: number): { due: Moment; renewed: Moment } {
  const past = Array.from({ length: PAST_RENEWALS }, (_, index) => now - (31 + 30 * index) * DAY_MS);
  const events: LifelineEvent[] = past.map((at, index) => ({
    at,
    kind: index === PAST_RENEWALS - 1 ? "sign_in" : "refresh",
    outcome: "succeeded",
    reason: null,
  }));
  const renewal: LifelineEvent = { at: now, kind: "refresh", outcome: "succeeded", reason: null };
  return {
    due: { now, events, life: sixtyDaysFrom(now - 31 * DAY_MS, now) },
    renewed: { now, events: [renewal, ...events], life: sixtyDaysFrom(now, now) },
  };
}

function sixtyDaysFrom(issuedAt: number, now: number): LifelineLife {
  const dueAt = issuedAt + 30 * DAY_MS;
  return {
    renewal: "automatic",
    issuedAt,
    refreshableAt: issuedAt + DAY_MS,
    dueAt,
    urgentAt: issuedAt + 53 * DAY_MS,
    expiresAt: issuedAt + 60 * DAY_MS,
    nextRefreshAt: Math.max(dueAt, now),
    chancesLeft: 2_880,
  };
}

/** The lifeline, growing back once: what Perennial does, as a picture. */
export function GrowingLifeline() {
  const [{ due, renewed }] = useState(() => momentsAround(Date.now()));
  const [isRenewed, setIsRenewed] = useState(
    () => window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  );

  useEffect(() => {
    const timer = setTimeout(() => setIsRenewed(true), RENEWED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  const { life, events, now } = isRenewed ? renewed : due;
  return (
    <figure className="flex flex-col gap-2">
      <Lifeline
        life={life}
        geometry={layOutLifeline(life, events, now)}
        now={now}
        tone={isRenewed ? "healthy" : "attention"}
        size="large"
        alternative="A line sixty days long. Around day thirty it is renewed and grows back to its full length."
      />
      <figcaption className="text-small text-soft" aria-hidden="true">
        {isRenewed ? "Renewed. Sixty more days." : "Past day thirty, renewal is due."}
      </figcaption>
    </figure>
  );
}
