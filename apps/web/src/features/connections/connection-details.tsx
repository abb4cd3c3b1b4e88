import { PageHeading } from "../../components/page-heading.tsx";
import { Problem } from "../../components/problem.tsx";
import { useNow } from "../../lib/clock.ts";
import { trpc, type Connection } from "../../lib/trpc.ts";
import { ConnectionFigures } from "./connection-figures.tsx";
import { ConnectionHeader } from "./connection-header.tsx";
import { ConnectionLifeline } from "./connection-lifeline.tsx";
import { Deadlines } from "./deadlines.tsx";
import { DetailsSkeleton } from "./details-skeleton.tsx";
import { Disconnect } from "./disconnect.tsx";
import { HistoryLog } from "./history-log.tsx";
import { PermissionList } from "./permission-list.tsx";
import { ReconnectButton } from "./reconnect-button.tsx";
import { RefreshNow } from "./refresh-now.tsx";
import { Section } from "./section.tsx";
import { lookOf, needsPerson } from "./state-words.ts";
import { useHistory, type History } from "./use-history.ts";

type Props = { id: string; onDisconnected: () => void };

/** Everything about one connection. What the list knew already is shown while the rest arrives. */
export function ConnectionDetails({ id, onDisconnected }: Props) {
  const list = trpc.useUtils().connections.list;
  const query = trpc.connections.get.useQuery(
    { id },
    {
      placeholderData: () => {
        const known = list.getData();
        const connection = known?.connections.find((candidate) => candidate.id === id);
        return known === undefined || connection === undefined ? undefined : { now: known.now, connection };
      },
    },
  );
  const history = useHistory(id);
  const now = useNow(query);
  if (query.data === undefined) {
    if (!query.isError) return <DetailsSkeleton />;
    return isMissing(query.error.data?.reason) ? (
      <MissingConnection />
    ) : (
      <Problem error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  return (
    <Filled connection={query.data.connection} history={history} now={now} onDisconnected={onDisconnected} />
  );
}

type FilledProps = { connection: Connection; history: History; now: number; onDisconnected: () => void };

function Filled({ connection, history, now, onDisconnected }: FilledProps) {
  const look = lookOf(connection, now);
  return (
    <div className="flex flex-col gap-12">
      <ConnectionHeader connection={connection} look={look} now={now} />
      <section aria-label="Lifeline" className="flex flex-col gap-8">
        <ConnectionLifeline
          connection={connection}
          tone={look.tone}
          now={now}
          size="large"
          history={history.data ?? []}
        />
        <ConnectionFigures connection={connection} now={now} />
        {needsPerson(connection) ? (
          <ReconnectButton connection={connection} />
        ) : (
          <RefreshNow connection={connection} now={now} />
        )}
      </section>

      <div className="grid gap-12 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:gap-16">
        <Section title="History">
          <HistoryLog history={history} now={now} />
        </Section>
        <div className="flex flex-col gap-12">
          <Section title="Deadlines">
            <Deadlines connection={connection} now={now} />
          </Section>
          <Section title="Permissions">
            <PermissionList connection={connection} />
          </Section>
        </div>
      </div>

      <div className="flex flex-col items-start gap-4 border-t border-hairline pt-8">
        <p className="max-w-prose text-small text-soft">
          Leaving is one step: Perennial forgets the token of this account and stops renewing it.
        </p>
        <Disconnect connection={connection} onDisconnected={onDisconnected} />
      </div>
    </div>
  );
}

/** An id that no connection has looks like one that belongs to somebody else. */
function isMissing(reason: string | undefined): boolean {
  return reason === "connection_not_found" || reason === "bad_request";
}

function MissingConnection() {
  return (
    <div className="max-w-prose">
      <PageHeading title="There is no such connection">There is no such connection</PageHeading>
      <p className="mt-2 text-soft">It may have been disconnected, or the address was cut short.</p>
    </div>
  );
}
