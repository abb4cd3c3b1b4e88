import { Check, X } from "lucide-react";

import type { Flavour } from "../../lib/trpc.ts";
import { STEPS, type StepStatus, type StepStatuses } from "./steps.ts";

const WORDS: Record<StepStatus, string> = {
  waiting: "not yet",
  running: "happening now",
  done: "done",
  failed: "failed here",
};

/** The four steps of a sign-in, ticking as they happen. */
export function StepList({ steps, flavour }: { steps: StepStatuses; flavour: Flavour }) {
  return (
    <ol aria-label="Steps" className="flex flex-col">
      {STEPS.map(({ name, title, what, icon: Icon }, index) => {
        const status = steps[name];
        const isLast = index === STEPS.length - 1;
        return (
          <li key={name} className="relative flex gap-4 pb-7 last:pb-0">
            {!isLast && <Stem isGrown={status === "done"} />}
            <StepMark status={status} icon={<Icon className="size-4" aria-hidden="true" />} />
            <div className={status === "waiting" ? "text-soft" : ""}>
              <p className="font-semibold">
                {title}
                <span className="sr-only">: {WORDS[status]}</span>
              </p>
              <p className="text-small text-soft">{what[flavour]}</p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Between two marks; alive once the step above it is done. */
function Stem({ isGrown }: { isGrown: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`absolute top-9 bottom-1 left-[1.0625rem] w-0.5 ${isGrown ? "bg-evergreen" : "bg-hairline"}`}
    />
  );
}

const MARKS: Record<StepStatus, string> = {
  waiting: "border border-hairline text-outline",
  running: "border-2 border-evergreen bg-evergreen-wash text-evergreen",
  done: "bg-evergreen text-on-evergreen",
  failed: "bg-clay text-paper",
};

function StepMark({ status, icon }: { status: StepStatus; icon: React.ReactNode }) {
  return (
    <span
      className={`grid size-9 shrink-0 place-items-center rounded-full ${MARKS[status]} ${status === "done" ? "step-done" : ""}`}
      aria-hidden="true"
    >
      {status === "done" ? (
        <Check className="size-5" />
      ) : status === "failed" ? (
        <X className="size-5" />
      ) : (
        icon
      )}
    </span>
  );
}
