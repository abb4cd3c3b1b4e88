import type { LifelineTone } from "../../components/lifeline/lifeline.tsx";
import type { StateLook } from "./state-words.ts";

const TONES: Record<LifelineTone, string> = {
  fresh: "bg-leaf-wash text-leaf",
  healthy: "bg-evergreen-wash text-evergreen",
  attention: "bg-amber-wash text-amber",
  needs_person: "bg-clay-wash text-clay",
  unknown: "bg-slate-wash text-slate",
};

/** A state as a sign and a word. */
export function StateBadge({ look }: { look: StateLook }) {
  const Icon = look.icon;
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-caption font-semibold whitespace-nowrap ${TONES[look.tone]}`}
    >
      <Icon className="size-3.5" aria-hidden="true" />
      {look.word}
    </span>
  );
}
