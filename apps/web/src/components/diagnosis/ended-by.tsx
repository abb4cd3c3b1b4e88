import { Clock, PencilLine, UserRound, Wrench, type LucideIcon } from "lucide-react";

import type { CatalogueEntry, FailureClass } from "../../lib/trpc.ts";

/** Who ends a failure. */
export type EndedBy = CatalogueEntry["endedBy"];

const ENDED_BY: Record<FailureClass, EndedBy> = {
  retry: "time",
  wait: "time",
  reconnect: "person",
  operator: "operator",
};

/** Who ends a failure that is followed by this. */
export function endedByOf(failureClass: FailureClass): EndedBy {
  return ENDED_BY[failureClass];
}

/** Who ends a failure, as a sign, a word and a colour: they look different at a glance. */
const LOOKS: Record<EndedBy, { icon: LucideIcon; words: string; tone: string }> = {
  time: { icon: Clock, words: "Passes by itself", tone: "bg-leaf-wash text-leaf" },
  person: { icon: UserRound, words: "You can end it", tone: "bg-clay-wash text-clay" },
  operator: { icon: Wrench, words: "For whoever runs this site", tone: "bg-slate-wash text-slate" },
  caller: { icon: PencilLine, words: "A matter of what was sent", tone: "bg-amber-wash text-amber" },
};

/** A badge that says whether to wait, to act, or to tell somebody. */
export function EndedByBadge({ endedBy }: { endedBy: EndedBy }) {
  const { icon: Icon, words, tone } = LOOKS[endedBy];
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-caption font-semibold whitespace-nowrap ${tone}`}
    >
      <Icon className="size-3.5" aria-hidden="true" />
      {words}
    </span>
  );
}
