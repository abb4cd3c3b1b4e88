import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { PageHeading } from "../../components/page-heading.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { useDeviceNow, useNow } from "../../lib/clock.ts";
import { trpc, type Connection, type PausedLogin } from "../../lib/trpc.ts";
import { ConnectionFigures } from "./connection-figures.tsx";
import { ConnectionHeader } from "./connection-header.tsx";
import { ConnectionLifeline } from "./connection-lifeline.tsx";
import { Deadlines } from "./deadlines.tsx";
import { DetailsSkeleton } from "./details-skeleton.tsx";
import { Disconnect } from "./disconnect.tsx";
import { HistoryLog } from "./history-log.tsx";
import { MessageList } from "./message-list.tsx";
import { heldBackBy } from "./pause-words.ts";
import { PausedLogins } from "./paused-logins.tsx";
import { PermissionList } from "./permission-list.tsx";
import { RecentPosts } from "./recent-posts.tsx";
import { ReconnectButton } from "./reconnect-button.tsx";
import { RefreshNow } from "./refresh-now.tsx";
import { isOver, lookOf, needsPerson } from "./state-words.ts";
import { SwitchLogin } from "./switch-login.tsx";
import { useConnectionList } from "./use-connection-list.ts";
import { useHistory, type History } from "./use-history.ts";
import { useMessages, type Messages } from "./use-messages.ts";
import { Validate } from "./validate.tsx";
import { WhyItFails, hasCause } from "./why-it-fails.tsx";

type Props = {
  id: string;
  /** The part that says who reads the token. */
  readers: ReactNode;
  onDisconnected: () => void;
};

/** Everything about one connection. What the list knew already is shown while the rest arrives. */
export function ConnectionDetails({ id, readers, onDisconnected }: Props) {
  const list = useConnectionList();
  const query = trpc.connections.get.useQuery(
    { id },
    {
      placeholderData: () => {
        const known = list.data;
        const connection = known?.connections.find((candidate) => candidate.id === id);
        return known === undefined || connection === undefined ? undefined : { now: known.now, connection };
      },
    },
  );
  const history = useHistory(id);
  const messages = useMessages(id);
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
    <Filled
      connection={query.data.connection}
      history={history}
      messages={messages}
      paused={list.data?.paused ?? []}
      readers={readers}
      now={now}
      onDisconnected={onDisconnected}
    />
  );
}

type FilledProps = {
  connection: Connection;
  history: History;
  messages: Messages;
  paused: readonly PausedLogin[];
  readers: ReactNode;
  now: number;
  onDisconnected: () => void;
};

function Filled({ connection, history, messages, paused, readers, now, onDisconnected }: FilledProps) {
  const deviceNow = useDeviceNow();
  const heldBy = heldBackBy(connection, paused);
  const isHeld = heldBy !== null;
  const look = lookOf(connection, now, heldBy);
  return (
    <div className="flex flex-col gap-12">
      <div>
        <ConnectionHeader connection={connection} look={look} now={now} isHeldBack={isHeld} />
        <PausedLogins className="mt-6" paused={paused} connections={[connection]} deviceNow={deviceNow} />
      </div>
      <section aria-label="Lifeline" className="flex flex-col gap-8">
        <ConnectionLifeline
          connection={connection}
          tone={look.tone}
          now={now}
          size="large"
          history={history.data ?? []}
        />
        <ConnectionFigures connection={connection} now={now} isHeldBack={isHeld} />
        <div className="flex flex-wrap items-start gap-x-3 gap-y-4">
          {needsPerson(connection) && <ReconnectButton connection={connection} />}
          {!isOver(connection) && <RefreshNow connection={connection} now={now} />}
        </div>
        {isOver(connection) && <BringToken id={connection.id} />}
      </section>

      <div className="grid gap-12 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:gap-16">
        <div className="flex min-w-0 flex-col gap-12">
          {hasCause(connection) && <WhyItFails connection={connection} />}
          <Section title="Recent posts">
            <RecentPosts connection={connection} now={now} />
          </Section>
          {readers}
          <Section title="History">
            <HistoryLog history={history} connectionId={connection.id} now={now} />
          </Section>
          <Section title="Messages">
            <MessageList messages={messages} renewedAt={connection.renewedAt} now={now} />
          </Section>
        </div>
        <div className="flex min-w-0 flex-col gap-12">
          <Section title="Proof">
            <Validate connection={connection} now={now} />
          </Section>
          <Section title="Deadlines">
            <Deadlines connection={connection} now={now} />
          </Section>
          <Section title="Permissions">
            <PermissionList connection={connection} />
          </Section>
        </div>
      </div>

      <div className="flex flex-col items-start gap-4 border-t border-hairline pt-8">
        <SwitchLogin connection={connection} />
        <p className="mt-6 max-w-prose text-small text-soft first:mt-0">
          Leaving is one step: Perennial forgets the token of this account and stops renewing it.
        </p>
        <Disconnect connection={connection} onDisconnected={onDisconnected} />
      </div>
    </div>
  );
}

/** The other way back: somebody may have a token of the account that works. */
function BringToken({ id }: { id: string }) {
  return (
    <p className="-mt-4 text-small text-soft">
      Or{" "}
      <Link to="/settings" search={{ connection: id }} className="text-ink underline underline-offset-4">
        bring a token of this account
      </Link>{" "}
      that you have from elsewhere.
    </p>
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
