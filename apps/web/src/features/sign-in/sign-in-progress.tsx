import type { Flavour } from "../../lib/trpc.ts";
import { STEPS, type StepStatuses } from "./steps.ts";
import { StepList } from "./step-list.tsx";

/** A sign-in on its way. The step that is happening is said aloud; the list shows all four. */
export function SignInProgress({ steps, flavour }: { steps: StepStatuses; flavour: Flavour }) {
  return (
    <div>
      <output className="sr-only">{announcementOf(steps)}</output>
      <StepList steps={steps} flavour={flavour} />
    </div>
  );
}

/** One sentence for the step that was finished last. */
export function announcementOf(steps: StepStatuses): string {
  const done = STEPS.filter(({ name }) => steps[name] === "done");
  const last = done.at(-1);
  if (last === undefined) return "Finishing the sign-in.";
  return `${last.title}. Step ${done.length} of ${STEPS.length} is done.`;
}
