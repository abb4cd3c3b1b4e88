import { Link, Navigate, createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";

import { PageHeading } from "../components/page-heading.tsx";
import { Problem } from "../components/problem.tsx";
import { Section } from "../components/section.tsx";
import { Loading, Skeleton } from "../components/skeleton.tsx";
import { OperatorLinks } from "../components/diagnosis/operator-links.tsx";
import { ActivitySection } from "../features/activity/activity-section.tsx";
import { ImportBox } from "../features/import/import-box.tsx";
import { KeySection } from "../features/keys/key-section.tsx";
import { Erased } from "../features/my-data/erased.tsx";
import { MyDataSection } from "../features/my-data/my-data-section.tsx";
import { SessionSection } from "../features/sessions/session-section.tsx";
import { ReadersByAccount } from "../features/sinks/readers-by-account.tsx";
import { useNow } from "../lib/clock.ts";
import { useSessionGate } from "../lib/session-gate.ts";
import { trpc } from "../lib/trpc.ts";

export const settingsLazyRoute = createLazyRoute("/settings")({ component: SettingsPage });

/** What a person can set up beside their connections. With `?connection=` nothing but a token of that account. */
function SettingsPage() {
  const { connection } = settingsLazyRoute.useSearch();
  const { session } = settingsLazyRoute.useRouteContext();
  const [isErased, setIsErased] = useState(false);
  const gate = useSessionGate();
  if (isErased) return <Erased />;
  if (gate.kind === "closed") return <Navigate to="/" replace />;
  return (
    <div className="flex max-w-prose flex-col gap-12 [&>section+section]:border-t [&>section+section]:border-hairline [&>section+section]:pt-12">
      <PageHeading title="Settings" className="-mb-4 text-title">
        Settings
      </PageHeading>
      {gate.kind === "failed" ? (
        <Problem error={gate.error} onRetry={gate.retry} />
      ) : (
        <>
          <Section
            title="Bring a token"
            intro="You have a token already, from another tool or an old project. Perennial finds out whose it is, keeps it, and keeps it alive. A token that works is never replaced by one that does not."
          >
            {gate.kind === "pending" ? (
              <BoxSkeleton />
            ) : connection === undefined ? (
              <AnyToken />
            ) : (
              <TokenFor key={connection} id={connection} />
            )}
          </Section>
          {gate.kind === "open" && connection === undefined && (
            <>
              <KeySection />
              <ReadersByAccount />
              <SessionSection />
              <ActivitySection />
              <MyDataSection
                onErased={() => {
                  setIsErased(true);
                  session.end();
                }}
              />
              <Installation />
            </>
          )}
        </>
      )}
    </div>
  );
}

/** For whoever runs this site, and nobody else. */
function Installation() {
  const session = trpc.auth.session.useQuery();
  if (session.data?.mayOperate !== true) return null;
  return (
    <Section title="This installation">
      <OperatorLinks />
    </Section>
  );
}

function AnyToken() {
  const now = useNow(trpc.auth.session.useQuery());
  return <ImportBox target={null} now={now} />;
}

/** The way here was from a connection: only a token of its account will do. */
function TokenFor({ id }: { id: string }) {
  const query = trpc.connections.get.useQuery({ id });
  const now = useNow(query);
  if (query.data === undefined) {
    if (!query.isError) return <BoxSkeleton />;
    const isMissing = query.error.data?.reason === "connection_not_found";
    return isMissing ? <AnyToken /> : <Problem error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { username } = query.data.connection;
  return (
    <>
      <p className="text-small text-soft">
        Only a token of @<bdi>{username}</bdi> is taken here.{" "}
        <Link to="/settings" search={{}} className="text-ink underline underline-offset-4">
          All settings, and tokens of any account
        </Link>
      </p>
      <ImportBox target={{ id, username }} now={now} />
    </>
  );
}

function BoxSkeleton() {
  return (
    <>
      <Loading what="the settings" />
      <div aria-hidden="true" className="flex flex-col gap-3">
        <Skeleton className="h-6.5 w-16" />
        <Skeleton className="h-32 w-full rounded-medium" />
        <div className="flex flex-col gap-2 py-1">
          <Skeleton className="h-3.5 w-full" />
          <Skeleton className="h-3.5 w-full sm:hidden" />
          <Skeleton className="h-3.5 w-full sm:hidden" />
          <Skeleton className="h-3.5 w-3/5" />
        </div>
        <Skeleton className="h-11 w-20 rounded-medium" />
      </div>
    </>
  );
}
