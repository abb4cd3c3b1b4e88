import { createLazyRoute } from "@tanstack/react-router";

import { PageHeading } from "../components/page-heading.tsx";
import { Problem } from "../components/problem.tsx";
import { OperatorsOnly } from "../features/installation/operators-only.tsx";
import { Report, ReportSkeleton } from "../features/installation/report.tsx";
import { trpc } from "../lib/trpc.ts";

export const diagnosticsLazyRoute = createLazyRoute("/diagnostics")({ component: DiagnosticsPage });

/** How this installation is. For whoever runs it; nobody has to be signed in at a developer's own machine. */
function DiagnosticsPage() {
  const session = trpc.auth.session.useQuery();
  return (
    <div className="flex max-w-[52rem] flex-col gap-8">
      <div>
        <PageHeading title="Diagnostics">Diagnostics</PageHeading>
        <p className="mt-2 max-w-prose text-soft">
          Everything that can be seen from here about this installation, what is wrong with it, and what
          helps.
        </p>
      </div>
      {session.data === undefined ? (
        session.isError ? (
          <Problem error={session.error} onRetry={() => void session.refetch()} />
        ) : (
          <ReportSkeleton />
        )
      ) : session.data.mayOperate ? (
        <Report />
      ) : (
        <OperatorsOnly userId={session.data.user?.id ?? null} />
      )}
    </div>
  );
}
