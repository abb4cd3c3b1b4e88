import { Tooltip } from "@base-ui/react/tooltip";
import { useRef, type RefObject } from "react";

import { dayAndTimeWords, relativeWords } from "../../lib/time-words.ts";
import type { Notch } from "./geometry.ts";
import { percent } from "./parts.tsx";
import { attemptsWords } from "./words.ts";

type Props = { notches: readonly Notch[]; now: number };

/** Failed attempts on the line; each says its reason when pointed at or reached by keyboard. */
export function LifelineNotches({ notches, now }: Props) {
  const container = useRef<HTMLDivElement>(null);
  return (
    <Tooltip.Provider delay={100}>
      <ul aria-label="Failed attempts on this token">
        {notches.map((notch) => (
          <li
            key={notch.firstAt}
            className="lifeline-centred absolute top-4.5"
            style={{ "--at": percent(notch.x) }}
          >
            <NotchMark notch={notch} now={now} container={container} />
          </li>
        ))}
      </ul>
      <div ref={container} />
    </Tooltip.Provider>
  );
}

type NotchMarkProps = { notch: Notch; now: number; container: RefObject<HTMLElement | null> };

function NotchMark({ notch, now, container }: NotchMarkProps) {
  const when =
    notch.count === 1 ? relativeWords(notch.lastAt, now) : `last ${relativeWords(notch.lastAt, now)}`;
  const summary = `${attemptsWords(notch.count)} failed, ${when}`;
  const reason = notch.reason ?? "No reason was recorded.";
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        className="grid size-6 place-items-center rounded-small"
        aria-label={`${summary}. ${reason}`}
      >
        <svg viewBox="0 0 12 12" className="size-3 overflow-visible" aria-hidden="true">
          <path
            d="M0.5 0 L6 9 L11.5 0 Z"
            className="fill-paper stroke-clay"
            strokeWidth="2"
            strokeLinejoin="round"
          />
        </svg>
      </Tooltip.Trigger>
      <Tooltip.Portal container={container}>
        <Tooltip.Positioner sideOffset={6} className="z-30">
          <Tooltip.Popup className="max-w-dialog rounded-medium border border-hairline bg-raised px-3 py-2 text-small shadow-raised">
            <span className="block font-medium">{summary}</span>
            <span className="block text-soft">{reason}</span>
            <span className="figures block text-soft">{dayAndTimeWords(notch.lastAt)}</span>
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
