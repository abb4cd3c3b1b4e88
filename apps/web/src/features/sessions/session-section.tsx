import { useRef, type RefObject } from "react";

import { buttonClass } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { SessionList } from "./session-list.tsx";
import { useEndSessions, useSessions } from "./use-sessions.ts";

/** Where the person is signed in, and the way to end it. */
export function SessionSection() {
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <Section
      title="Where you are signed in"
      headingRef={heading}
      intro="A sign-in ends by itself after seven days, or after three days without use. What is ended here is signed out at once, and your connections go on."
    >
      <Sessions heading={heading} />
    </Section>
  );
}

function Sessions({ heading }: { heading: RefObject<HTMLHeadingElement | null> }) {
  const sessions = useSessions();
  const { data } = sessions;
  if (data === undefined) {
    return sessions.isError ? (
      <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />
    ) : (
      <SessionsSkeleton />
    );
  }
  const others = data.filter(({ isThisOne }) => !isThisOne);
  return (
    <>
      <SessionList sessions={data} afterwards={heading} />
      {others.length === 0 ? (
        <p className="text-small text-soft">You are signed in nowhere else.</p>
      ) : (
        others.length > 1 && <EndOthers count={others.length} heading={heading} />
      )}
    </>
  );
}

function EndOthers({ count, heading }: { count: number; heading: RefObject<HTMLHeadingElement | null> }) {
  const end = useEndSessions();
  return (
    <div>
      <ConfirmDialog
        trigger="End all others"
        triggerClass={buttonClass("secondary")}
        title={`Sign out of ${count} other browsers?`}
        keepWords="Keep them"
        confirmWords="End all others"
        change={end}
        onConfirm={() => end.mutate({ id: "others" })}
        afterwards={heading}
      >
        <p>Whoever uses them has to sign in again. You stay signed in here.</p>
      </ConfirmDialog>
    </div>
  );
}

/** In the size of what most people have: one browser, and the sentence that there is no other. */
function SessionsSkeleton() {
  return (
    <>
      <Loading what="where you are signed in" />
      <div aria-hidden="true" className="flex gap-3">
        <Skeleton className="mt-0.5 size-5 shrink-0 rounded-medium" />
        <div className="flex grow flex-col gap-2 py-1">
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-3 w-56" />
        </div>
      </div>
      <Skeleton className="h-3.5 w-52" />
    </>
  );
}
