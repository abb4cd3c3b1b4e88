import { FlaskConical } from "lucide-react";

import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { useNow } from "../../lib/clock.ts";
import { dayAndTimeWords, exactWords } from "../../lib/time-words.ts";
import { trpc } from "../../lib/trpc.ts";

const STEPS = [
  { name: "+1 hour", hours: 1 },
  { name: "+1 day", hours: 24 },
  { name: "+31 days", hours: 744 },
] as const;

/** While Instagram is played by this machine: says so, and lets time pass. Never there in production. */
export function SimulatorBar() {
  const utils = trpc.useUtils();
  const session = trpc.auth.session.useQuery();
  const now = useNow(session);
  const advance = trpc.simulator.advance.useMutation({ onSettled: () => utils.invalidate() });
  return (
    <aside
      aria-label="Simulator"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-ink bg-slate-wash text-caption text-ink"
    >
      <div className="lab-tape h-1.5" aria-hidden="true" />
      <div className="mx-auto flex max-w-page flex-wrap items-center justify-between gap-x-6 gap-y-1.5 px-4 py-2 sm:px-8">
        <p className="flex items-center gap-2">
          <FlaskConical className="size-4 shrink-0" aria-hidden="true" />
          <span>Simulator — Instagram is played by this machine</span>
        </p>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 sm:gap-x-3">
          <time
            dateTime={new Date(now).toISOString()}
            title={exactWords(now)}
            className="font-semibold whitespace-nowrap"
          >
            <span className="sr-only">The simulator’s clock shows </span>
            {dayAndTimeWords(now)}
          </time>
          <output className="sr-only">
            {advance.data !== undefined &&
              `The clock is at ${dayAndTimeWords(Date.parse(advance.data.now))}.`}
          </output>
          <fieldset className="flex gap-1 sm:gap-1.5">
            <legend className="sr-only">Let time pass</legend>
            {STEPS.map(({ name, hours }) => (
              <Button
                key={name}
                tone="secondary"
                size="small"
                isBusy={advance.isPending}
                onClick={() => advance.mutate({ hours })}
              >
                {name}
              </Button>
            ))}
          </fieldset>
        </div>
        <ActionProblem error={advance.error} />
      </div>
    </aside>
  );
}
