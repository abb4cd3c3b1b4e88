import { CircleX } from "lucide-react";

import { AttemptDetails } from "../../components/diagnosis/attempt-details.tsx";
import { ProofIds } from "../../components/problem.tsx";
import { explainError } from "../../lib/api-error.ts";
import type { ApiError } from "../../lib/trpc.ts";

/** A token that was not kept: why exactly, and what to do. */
export function ImportRefusal({ error }: { error: ApiError }) {
  const explained = explainError(error, navigator.onLine);
  return (
    <div className="flex gap-4 rounded-large bg-clay-wash p-4 sm:p-5">
      <CircleX className="mt-0.5 size-5 shrink-0 text-clay" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-semibold">{explained.message}</p>
        <p className="mt-0.5 text-small">{explained.cure}</p>
        <p className="mt-0.5 text-small text-soft">Nothing was changed.</p>
        <div className="mt-3 empty:hidden">
          <ProofIds explained={explained} />
        </div>
      </div>
    </div>
  );
}

/** Beneath it: what such a refusal comes from, and what was asked of whom. Apart, as it is no news to be read out. */
export function RefusalDetails({ error }: { error: ApiError }) {
  const { help, steps } = explainError(error, navigator.onLine);
  return <AttemptDetails failure={help} steps={steps} />;
}
