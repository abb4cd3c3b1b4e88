import { Instant } from "../../components/instant.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { trpc, type Activity } from "../../lib/trpc.ts";
import { activityWords, actorWords } from "./activity-words.ts";

/** So many are shown. */
const SHOWN = 20;

/** What was done to the person's account, so that they notice what was not their doing. */
export function ActivitySection() {
  return (
    <Section
      title="Recent activity"
      intro="Sign-ins, sessions, keys and accounts, as they were written down. If you do not know something here, end all other sessions and revoke the keys."
    >
      <Activities />
    </Section>
  );
}

function Activities() {
  const activity = trpc.auth.activity.useQuery({ limit: SHOWN });
  const now = useDeviceNow();
  if (activity.data === undefined) {
    if (activity.isError) return <Problem error={activity.error} onRetry={() => void activity.refetch()} />;
    return (
      <>
        <Loading what="recent activity" />
        <Skeleton className="h-24 w-full" />
      </>
    );
  }
  if (activity.data.length === 0)
    return <p className="text-small text-soft">Nothing has been written down yet.</p>;
  return (
    <ol aria-label="Recent activity" className="flex flex-col divide-y divide-hairline text-small">
      {activity.data.map((event) => (
        <ActivityRow key={event.id} event={event} now={now} />
      ))}
    </ol>
  );
}

function ActivityRow({ event, now }: { event: Activity; now: number }) {
  const who = actorWords(event);
  return (
    <li className="flex flex-wrap justify-between gap-x-4 py-2.5 first:pt-0 last:pb-0">
      <span>
        {activityWords(event)}
        {who !== null && <span className="text-soft"> {who}</span>}
      </span>
      <span className="text-caption text-soft">
        {event.clientNetwork !== null && (
          <>
            from <span className="font-mono">{event.clientNetwork}</span>
            <span aria-hidden="true"> · </span>
            <span className="sr-only">, </span>
          </>
        )}
        <Instant at={event.at} now={now} isPast />
      </span>
    </li>
  );
}
