import { ContinueButton } from "../../components/continue-button.tsx";
import { Problem } from "../../components/problem.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { useDeviceNow, useNow } from "../../lib/clock.ts";
import { countWords } from "../../lib/time-words.ts";
import { trpc } from "../../lib/trpc.ts";
import { ConnectionRow, ROW_GRID } from "./connection-row.tsx";
import { heldBackBy } from "./pause-words.ts";
import { PausedLogins } from "./paused-logins.tsx";
import { needsPerson } from "./state-words.ts";
import { useConnectionList } from "./use-connection-list.ts";

/** A person's accounts, those that need them first, as the api sorted them. */
export function ConnectionList() {
  const list = useConnectionList();
  const now = useNow(list);
  const deviceNow = useDeviceNow();
  if (list.data === undefined) {
    return list.isError ? (
      <Problem error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <ListSkeleton />
    );
  }
  const { connections, paused } = list.data;
  if (connections.length === 0) return <ConnectFirstAccount />;
  return (
    <div>
      <output className="sr-only">{needWords(connections.filter(needsPerson).length)}</output>
      <PausedLogins className="mb-6" paused={paused} connections={connections} deviceNow={deviceNow} />
      <ul aria-label="Accounts" className="flex flex-col gap-3">
        {connections.map((connection) => (
          <ConnectionRow
            key={connection.id}
            connection={connection}
            now={now}
            heldBackBy={heldBackBy(connection, paused)}
          />
        ))}
      </ul>
    </div>
  );
}

/** Rows change without a word; that somebody is needed is announced. */
function needWords(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "One account needs you." : `${countWords(count)} accounts need you.`;
}

/** Rows on their way, in the size of rows. */
export function ListSkeleton() {
  return (
    <>
      <Loading what="your connections" />
      <ul aria-hidden="true" className="flex flex-col gap-3">
        {[0, 1, 2].map((row) => (
          <li key={row} className={ROW_GRID}>
            <Skeleton className="size-11 rounded-full" />
            <div className="flex h-12 flex-col justify-center gap-2">
              <Skeleton className="h-4 w-28" />
              <Skeleton className="h-3.5 w-40" />
            </div>
            <div className="col-span-full flex flex-col gap-2 max-lg:order-1 lg:col-span-1">
              <Skeleton className="h-6.5 w-20 rounded-full" />
              <Skeleton className="h-3.5 w-48" />
            </div>
            <div className="col-span-full flex h-7 items-center max-lg:order-2 lg:col-span-1">
              <Skeleton className="h-1 w-full" />
            </div>
            <Skeleton className="size-5 lg:justify-self-end" />
          </li>
        ))}
      </ul>
    </>
  );
}

function ConnectFirstAccount() {
  const session = trpc.auth.session.useQuery();
  return (
    <div className="flex flex-col items-start gap-6 rounded-large border border-dashed border-outline px-6 py-10 sm:px-10">
      <div className="max-w-prose">
        <h2 className="text-heading">Nothing grows here yet</h2>
        <p className="mt-2 text-soft">
          Connect an Instagram account once. Perennial renews its token long before day sixty, and tells you
          early when only you can help.
        </p>
      </div>
      <div className="flex w-full flex-col gap-3 sm:w-auto sm:flex-row sm:items-start">
        {session.data?.flavours.map((flavour, index) => (
          <ContinueButton key={flavour} flavour={flavour} tone={index === 0 ? "primary" : "secondary"} />
        ))}
      </div>
    </div>
  );
}
