import { MonitorSmartphone } from "lucide-react";
import type { RefObject } from "react";

import { buttonClass } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Instant } from "../../components/instant.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import type { Session } from "../../lib/trpc.ts";
import { useEndSessions } from "./use-sessions.ts";

type Props = {
  sessions: readonly Session[];
  /** Takes the focus when a session is ended. */
  afterwards: RefObject<HTMLElement | null>;
};

/** Browsers, when each was last used, and the end of each but this one. */
export function SessionList({ sessions, afterwards }: Props) {
  // Sessions live by people's clocks, which no simulator moves.
  const now = useDeviceNow();
  return (
    <ul aria-label="Sessions" className="flex flex-col divide-y divide-hairline">
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} now={now} afterwards={afterwards} />
      ))}
    </ul>
  );
}

type RowProps = { session: Session; now: number } & Pick<Props, "afterwards">;

function SessionRow({ session, now, afterwards }: RowProps) {
  const { device, isThisOne, createdAt, lastUsedAt } = session;
  return (
    <li className="flex gap-3 py-4 first:pt-0 last:pb-0">
      <MonitorSmartphone
        className={`mt-0.5 size-5 shrink-0 ${isThisOne ? "text-evergreen" : "text-soft"}`}
        aria-hidden="true"
      />
      <div className="min-w-0 grow text-small">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold break-words">{device}</span>
          {isThisOne && <span className="text-caption text-evergreen">This browser</span>}
        </p>
        <p className="mt-0.5 text-caption text-soft">
          <span className="whitespace-nowrap">
            Signed in <Instant at={createdAt} now={now} isPast />
          </span>
          {!isThisOne && (
            <>
              <span aria-hidden="true"> · </span>
              <span className="sr-only">, </span>
              <span className="whitespace-nowrap">
                last used <Instant at={lastUsedAt} now={now} isPast />
              </span>
            </>
          )}
        </p>
      </div>
      {!isThisOne && <EndSession session={session} afterwards={afterwards} />}
    </li>
  );
}

function EndSession({ session: { id, device }, afterwards }: Pick<RowProps, "session" | "afterwards">) {
  const end = useEndSessions();
  return (
    <ConfirmDialog
      trigger="End"
      triggerLabel={`End ${device}`}
      triggerClass={`${buttonClass("quiet")} -mr-2 -mt-2.5 shrink-0 self-start`}
      title={<>Sign out of {device}?</>}
      keepWords="Keep it"
      confirmWords="End session"
      change={end}
      onConfirm={() => end.mutate({ id })}
      afterwards={afterwards}
    >
      <p>Whoever uses it has to sign in again. You stay signed in here.</p>
    </ConfirmDialog>
  );
}
