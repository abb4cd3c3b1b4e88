import { CircleSlash } from "lucide-react";
import { useId } from "react";

import type { AccountChoice } from "../../lib/trpc.ts";
import { UNUSABLE } from "./choice-words.ts";

/** Pages that give no account: why, and what to do. Nothing where there are none. */
export function UnusablePages({ pages }: { pages: AccountChoice["unusable"] }) {
  const heading = useId();
  if (pages.length === 0) return null;
  return (
    <section aria-labelledby={heading} className="border-t border-hairline pt-6">
      <h2 id={heading} className="text-heading">
        Pages without an account to connect
      </h2>
      <ul aria-labelledby={heading} className="mt-2 flex flex-col divide-y divide-hairline">
        {pages.map(({ id, name, reason }) => (
          <li key={id} className="flex gap-4 py-4">
            <CircleSlash className="mt-0.5 size-5 shrink-0 text-slate" aria-hidden="true" />
            <div className="min-w-0">
              <p className="truncate font-semibold">
                <bdi>{name}</bdi>
              </p>
              <p className="text-small">{UNUSABLE[reason].why}</p>
              <p className="text-small text-soft">{UNUSABLE[reason].cure}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
