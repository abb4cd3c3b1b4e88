import { useId } from "react";

import { Checkbox } from "../../components/checkbox.tsx";
import { CopyLine } from "../../components/copy-line.tsx";
import { Marked } from "../../components/diagnosis/marked.tsx";
import type { Step } from "../../lib/trpc.ts";
import { useTicks } from "./use-ticks.ts";

type Props = { label: string; steps: readonly Step[] };

/** Steps that no program can see to, to be ticked as they are done. Ticks stay in this browser. */
export function StepList({ label, steps }: Props) {
  const ticks = useTicks();
  const done = steps.filter((step) => ticks.has(step)).length;
  return (
    <div className="flex flex-col gap-4">
      <output className="text-small text-soft">
        {done === steps.length ? "All of them done." : `${done} of ${steps.length} done.`}
      </output>
      <ol aria-label={label} className="flex flex-col divide-y divide-hairline">
        {steps.map((step) => (
          <StepItem
            key={step.id}
            step={step}
            isDone={ticks.has(step)}
            onChange={(isDone) => ticks.set(step, isDone)}
          />
        ))}
      </ol>
    </div>
  );
}

type ItemProps = { step: Step; isDone: boolean; onChange: (isDone: boolean) => void };

function StepItem({ step: { task, place, reason, copy }, isDone, onChange }: ItemProps) {
  const id = useId();
  return (
    <li className="py-4 first:pt-0 last:pb-0">
      <label
        htmlFor={`${id}-box`}
        className="flex cursor-pointer gap-3 rounded-small has-focus-visible:outline-2 has-focus-visible:outline-offset-4 has-focus-visible:outline-evergreen"
      >
        <Checkbox
          id={`${id}-box`}
          aria-labelledby={`${id}-task`}
          aria-describedby={`${id}-about`}
          checked={isDone}
          onChange={({ target }) => onChange(target.checked)}
        />
        <span id={`${id}-task`} className={`min-w-0 break-words ${isDone ? "text-soft" : "font-medium"}`}>
          <Marked text={task} />
        </span>
      </label>
      <div className="mt-1.5 flex flex-col gap-2.5 pl-9 text-small text-soft">
        <p id={`${id}-about`} className="break-words">
          <span className="block text-caption">
            <Marked text={place} />
          </span>
          {!isDone && (
            <span className="mt-0.5 block">
              <Marked text={reason} />
            </span>
          )}
        </p>
        {copy !== null && <CopyLine text={copy} />}
      </div>
    </li>
  );
}
