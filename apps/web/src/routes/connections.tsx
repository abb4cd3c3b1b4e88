import { Navigate, createLazyRoute } from "@tanstack/react-router";

import { PageHeading } from "../components/page-heading.tsx";
import { Problem } from "../components/problem.tsx";
import { AddAccount } from "../features/connections/add-account.tsx";
import { ConnectionList, ListSkeleton } from "../features/connections/connection-list.tsx";
import { useSessionGate } from "../lib/session-gate.ts";

export const connectionsLazyRoute = createLazyRoute("/connections")({ component: ConnectionsPage });

/** All accounts of a person. */
function ConnectionsPage() {
  const gate = useSessionGate();
  if (gate.kind === "closed") return <Navigate to="/" replace />;
  return (
    <div className="flex flex-col gap-8">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
        <PageHeading title="Connections">Connections</PageHeading>
        <AddAccount />
      </div>
      {gate.kind === "pending" && <ListSkeleton />}
      {gate.kind === "failed" && <Problem error={gate.error} onRetry={gate.retry} />}
      {gate.kind === "open" && <ConnectionList />}
    </div>
  );
}
