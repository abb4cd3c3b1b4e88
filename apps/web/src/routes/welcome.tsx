import { Navigate } from "@tanstack/react-router";
import { Suspense, lazy } from "react";

import { ContinueButton } from "../components/continue-button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { Problem } from "../components/problem.tsx";
import { Loading, Skeleton } from "../components/skeleton.tsx";
import { GrowingLifeline } from "../features/sign-in/growing-lifeline.tsx";
import { trpc } from "../lib/trpc.ts";

const Installation = lazy(async () => {
  const { Installation } = await import("../features/sign-in/installation.tsx");
  return { default: Installation };
});

/** The first page: what Perennial does, and the way in. */
export function WelcomePage() {
  const session = trpc.auth.session.useQuery();
  const { data } = session;
  if (data !== undefined && data.user !== null) return <Navigate to="/connections" replace />;
  return (
    <div className="flex flex-col gap-14 sm:gap-20">
      <div className="flex flex-col gap-10 pt-6 sm:gap-14 sm:pt-14">
        <PageHeading title="Sign in" className="max-w-[22ch] text-display">
          Sign in with Instagram once, and the connection stays alive.
        </PageHeading>
        <GrowingLifeline />
        {data === undefined ? (
          <WayInPending error={session.error} onRetry={() => void session.refetch()} />
        ) : (
          <div className="flex flex-col items-stretch gap-4 sm:flex-row sm:items-start">
            {data.flavours.map((flavour, index) => (
              <ContinueButton key={flavour} flavour={flavour} tone={index === 0 ? "primary" : "secondary"} />
            ))}
          </div>
        )}
      </div>
      <div className="min-h-40">
        <Suspense fallback={null}>{data !== undefined && <Installation {...data} />}</Suspense>
      </div>
    </div>
  );
}

type PendingProps = { error: Parameters<typeof Problem>[0]["error"] | null; onRetry: () => void };

function WayInPending({ error, onRetry }: PendingProps) {
  if (error !== null) return <Problem error={error} onRetry={onRetry} />;
  return (
    <div>
      <Loading what="the ways to sign in" />
      <Skeleton className="h-13 w-full rounded-medium sm:w-64" />
    </div>
  );
}
