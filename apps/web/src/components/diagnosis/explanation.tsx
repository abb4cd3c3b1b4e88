import { ArrowUpRight } from "lucide-react";
import { useId, type ReactNode } from "react";

import type { CatalogueEntry, RankedCause } from "../../lib/trpc.ts";
import { EndedByBadge } from "./ended-by.tsx";
import { Marked } from "./marked.tsx";
import { OperatorLinks } from "./operator-links.tsx";

/** Causes, the likeliest first, with what was seen where something was. */
export type Causes = readonly Pick<RankedCause, "cause" | "verdict" | "seen">[];

type Props = {
  entry: Omit<CatalogueEntry, "causes">;
  causes: Causes;
  /** Who ends it is said above already. */
  isBadged?: boolean;
};

/** Causes as the catalogue knows them, before anything was looked at. */
export function causesOf({ causes }: CatalogueEntry): Causes {
  return causes.map((cause) => ({ cause, verdict: "possible", seen: null }));
}

/** What a failure means, what it comes from, and what each of those concerned can do. */
export function Explanation({ entry, causes, isBadged = false }: Props) {
  const { meaning, endedBy, steps, link } = entry;
  return (
    <div className="flex flex-col gap-4 text-small">
      <div className="flex flex-col items-start gap-2">
        {!isBadged && <EndedByBadge endedBy={endedBy} />}
        <p>{meaning}</p>
      </div>
      <Named title={causes.length === 1 ? "Where it comes from" : "Where it comes from, the likeliest first"}>
        {(name) => (
          <ol aria-labelledby={name} className="flex list-decimal flex-col gap-1 pl-5 marker:text-soft">
            {causes.map(({ cause, verdict, seen }) => (
              <li key={cause}>
                <span className={verdict === "shown" ? "font-semibold" : ""}>
                  <Marked text={cause} />
                </span>
                {seen !== null && <span className="block text-soft">{seen}</span>}
              </li>
            ))}
          </ol>
        )}
      </Named>
      <Steps title="What you can do" steps={steps.person} />
      <Steps title="For whoever runs this site" steps={steps.operator} />
      <Steps title="For developers" steps={steps.developer} />
      {endedBy === "operator" && <OperatorLinks />}
      {link !== null && (
        <a
          href={link}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 self-start underline underline-offset-4"
        >
          Meta’s page about it
          <ArrowUpRight className="size-4" aria-hidden="true" />
        </a>
      )}
    </div>
  );
}

function Steps({ title, steps }: { title: string; steps: readonly string[] }) {
  if (steps.length === 0) return null;
  return (
    <Named title={title}>
      {(name) => (
        <ul aria-labelledby={name} className="flex list-disc flex-col gap-1 pl-5 marker:text-soft">
          {steps.map((step) => (
            <li key={step}>
              <Marked text={step} />
            </li>
          ))}
        </ul>
      )}
    </Named>
  );
}

/** A list under its name. */
function Named({ title, children }: { title: string; children: (name: string) => ReactNode }) {
  const name = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <p id={name} className="font-semibold">
        {title}
      </p>
      {children(name)}
    </div>
  );
}
