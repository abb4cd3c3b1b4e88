import { useState, type ReactNode } from "react";

import { dayWords } from "../../lib/time-words.ts";
import { dayOfLifeWords } from "./day-of-life-words.ts";
import type { LifelineGeometry, LifelineLabel, LifelineLife } from "./geometry.ts";
import { GrowthMarks, LivePart, Milestones, Track, percent, type LifelineSize } from "./parts.tsx";

/** How the line is coloured; the words beside it say the same. */
export type LifelineTone = "fresh" | "healthy" | "attention" | "needs_person" | "unknown";

type Props = {
  life: LifelineLife;
  geometry: LifelineGeometry;
  now: number;
  tone: LifelineTone;
  size: LifelineSize;
  /** The same in words, for those who do not see the picture. */
  alternative: string;
  /** Laid over the line: notches that can be pointed at. */
  children?: ReactNode;
};

/** The life of a token as one line. */
export function Lifeline({ life, geometry, now, tone, size, alternative, children }: Props) {
  const hasGrownBack = useHasChanged(life.issuedAt);
  const isLarge = size === "large";
  const isEndOpen = life.renewal === "person";
  return (
    <div className="lifeline" data-tone={tone} data-over={geometry.isOver}>
      <p className="sr-only">{alternative}</p>
      <div className="relative px-2" aria-hidden={children === undefined}>
        {isLarge && (
          <PresentLabel x={geometry.present} words={geometry.isOver ? "" : dayOfLifeWords(life, now)} />
        )}
        <div className={isLarge ? "relative h-14" : "relative h-7"}>
          <Track geometry={geometry} size={size} />
          <LivePart
            key={life.issuedAt}
            geometry={geometry}
            size={size}
            hasGrownBack={hasGrownBack}
            isDashed={tone === "needs_person"}
          />
          <Milestones geometry={geometry} size={size} isEndOpen={isEndOpen} />
          {isLarge && <GrowthMarks geometry={geometry} />}
          {!geometry.isOver && <Present x={geometry.present} size={size} />}
          {children}
        </div>
        {isLarge && <Labels labels={geometry.labels} life={life} now={now} isEndOpen={isEndOpen} />}
      </div>
    </div>
  );
}

/** True once the value is another one than it was when the component appeared. */
function useHasChanged(value: number): boolean {
  const [first] = useState(value);
  return value !== first;
}

function PresentLabel({ x, words }: { x: number; words: string }) {
  return (
    <div className="relative h-5 text-caption" aria-hidden="true">
      <span
        className="lifeline-at lifeline-present figures absolute font-medium whitespace-nowrap"
        style={{ "--at": percent(x) }}
      >
        {words}
      </span>
    </div>
  );
}

function Present({ x, size }: { x: number; size: LifelineSize }) {
  return size === "large" ? (
    <svg
      className="lifeline-present lifeline-centred absolute top-0 h-14 w-3 overflow-visible"
      style={{ "--at": percent(x) }}
      aria-hidden="true"
    >
      <path
        d="M1.5 3 H10.5 L6 9 Z"
        className="fill-ink stroke-ink"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <line x1="6" x2="6" y1="9" y2="27" className="stroke-ink" strokeWidth="1.5" />
    </svg>
  ) : (
    <span
      className="lifeline-present lifeline-centred absolute top-1/2 -mt-1.75 size-3.5 rounded-full border-2 border-(--around) bg-ink"
      style={{ "--at": percent(x) }}
    />
  );
}

type LabelsProps = { labels: LifelineLabel[]; life: LifelineLife; now: number; isEndOpen: boolean };

function Labels({ labels, life, now, isEndOpen }: LabelsProps) {
  const isPast = now >= life.expiresAt;
  const end = isEndOpen
    ? { ahead: "Access ends", past: "Access ended" }
    : { ahead: "Expires", past: "Expired" };
  const words = {
    issued: "Issued",
    due: isEndOpen ? "You are asked" : "Renewal due",
    expires: isPast ? end.past : end.ahead,
  };
  const instants = { issued: life.issuedAt, due: life.dueAt, expires: life.expiresAt };
  return (
    <div className="relative h-10 text-caption" aria-hidden="true">
      {labels.map(({ mark, x }) => (
        <span
          key={mark}
          className={`lifeline-at absolute flex flex-col whitespace-nowrap ${ALIGNED[mark]}`}
          style={{ "--at": percent(x) }}
        >
          <span className="text-soft">{words[mark]}</span>
          <span className="figures">{dayWords(instants[mark], now)}</span>
        </span>
      ))}
    </div>
  );
}

const ALIGNED = { issued: "items-start", due: "items-center", expires: "items-end" };
