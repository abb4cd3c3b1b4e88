import { CircleSlash } from "lucide-react";
import { useId } from "react";

import { countWords } from "../../lib/time-words.ts";
import type { AccountChoice } from "../../lib/trpc.ts";
import { groupUnusable, UNUSABLE, type UnusableGroup } from "./choice-words.ts";

/** So many Pages are named at once; the others are folded. */
const SHOWN = 6;

/** Pages that give no account: why, and what to do. Nothing where there are none. */
export function UnusablePages({ pages }: { pages: AccountChoice["unusable"] }) {
  const heading = useId();
  if (pages.length === 0) return null;
  return (
    <section aria-labelledby={heading} className="border-t border-hairline pt-6">
      <h2 id={heading} className="text-heading">
        Pages without an account to connect
      </h2>
      <div className="mt-2 flex flex-col divide-y divide-hairline">
        {groupUnusable(pages).map((group) => (
          <Group key={group.reason} group={group} />
        ))}
      </div>
    </section>
  );
}

function Group({ group: { reason, pages } }: { group: UnusableGroup }) {
  const { why, cure } = UNUSABLE[reason];
  const hidden = pages.slice(SHOWN);
  return (
    <div className="flex gap-4 py-5">
      <CircleSlash className="mt-0.5 size-5 shrink-0 text-slate" aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="font-semibold">{why}</p>
        <p className="mt-0.5 text-small text-soft">{cure}</p>
        <PageNames names={pages.slice(0, SHOWN)} />
        {hidden.length > 0 && (
          <details>
            <summary className="w-fit cursor-pointer py-2 text-small font-semibold text-soft hover:text-ink">
              {countWords(hidden.length)} more
            </summary>
            <PageNames names={hidden} />
          </details>
        )}
      </div>
    </div>
  );
}

function PageNames({ names }: { names: UnusableGroup["pages"] }) {
  return (
    <ul className="mt-3 flex flex-wrap gap-2">
      {names.map(({ id, name }) => (
        <li key={id} className="max-w-full truncate rounded-small bg-sunken px-2.5 py-1 text-small">
          <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  );
}
