import { Link, Navigate, createLazyRoute, useRouter } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";

import { ConnectionDetails } from "../features/connections/connection-details.tsx";
import { Problem } from "../components/problem.tsx";
import { useSessionGate } from "../lib/session-gate.ts";
import { DetailsSkeleton } from "../features/connections/details-skeleton.tsx";
import { SinkSection } from "../features/sinks/sink-section.tsx";

export const connectionLazyRoute = createLazyRoute("/connections/$id")({ component: ConnectionPage });

/** One account: its life, its history, and the way to leave. */
function ConnectionPage() {
  const { id } = connectionLazyRoute.useParams();
  const router = useRouter();
  const gate = useSessionGate();
  if (gate.kind === "closed") return <Navigate to="/" replace />;
  return (
    <div className="flex flex-col gap-6">
      <Link
        to="/connections"
        className="-ml-2 inline-flex w-fit items-center gap-1.5 p-2 text-small text-soft hover:text-ink"
      >
        <ArrowLeft className="size-4" aria-hidden="true" />
        All connections
      </Link>
      {gate.kind === "pending" && <DetailsSkeleton />}
      {gate.kind === "failed" && <Problem error={gate.error} onRetry={gate.retry} />}
      {gate.kind === "open" && (
        <ConnectionDetails
          key={id}
          id={id}
          readers={<SinkSection connectionId={id} />}
          onDisconnected={() => void router.navigate({ to: "/connections", replace: true })}
        />
      )}
    </div>
  );
}
