import { CloudOff, RotateCw } from "lucide-react";
import { Suspense, lazy, type ComponentType } from "react";

import { explainError, type Explained } from "../lib/api-error.ts";
import type { ApiError } from "../lib/trpc.ts";
import { Button } from "./button.tsx";

/** Comes when something has failed. Where even that cannot be had, the words say it all. */
const EndedByBadge = lazy<ComponentType<{ endedBy: NonNullable<Explained["endedBy"]> }>>(async () => {
  const loaded = await import("./diagnosis/ended-by.tsx").catch(() => null);
  return { default: loaded?.EndedByBadge ?? (() => null) };
});

type Props = { error: Pick<ApiError, "message" | "data">; onRetry: () => void };

/** A page or a part of one that could not be read: what, what to do, and the way to try again. */
export function Problem({ error, onRetry }: Props) {
  const explained = explainError(error, navigator.onLine);
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-4 rounded-large border border-hairline bg-raised p-6"
    >
      {explained.endedBy === null ? (
        <CloudOff className="h-7 w-6 text-slate" aria-hidden="true" />
      ) : (
        <p className="min-h-7">
          <Suspense fallback={null}>
            <EndedByBadge endedBy={explained.endedBy} />
          </Suspense>
        </p>
      )}
      <div>
        <p className="text-heading">{explained.message}</p>
        <p className="mt-1 text-soft">{explained.cure}</p>
      </div>
      <ProofIds explained={explained} />
      <Button tone="secondary" onClick={onRetry}>
        <RotateCw className="size-4" aria-hidden="true" />
        Try again
      </Button>
    </div>
  );
}

/** The ids by which somebody can find this failure again. */
export function ProofIds({ explained }: { explained: Pick<Explained, "traceId" | "requestId"> }) {
  const ids = [
    { name: "Meta’s trace id", value: explained.traceId },
    { name: "Request id", value: explained.requestId },
  ].filter((id) => id.value !== null);
  if (ids.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-caption text-soft">
      {ids.map(({ name, value }) => (
        <div key={name} className="flex flex-wrap gap-x-2">
          <dt>{name}</dt>
          <dd className="font-mono break-all text-ink">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A refused or failed action, said beside the control that was used. */
export function ActionProblem({ error }: { error: Props["error"] | null }) {
  if (error === null) return null;
  const { message, cure } = explainError(error, navigator.onLine);
  return (
    <p role="alert" className="text-small text-clay">
      {message} {cure}
    </p>
  );
}
