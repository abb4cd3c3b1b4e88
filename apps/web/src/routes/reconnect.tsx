import { createLazyRoute } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";

import { ContinueControl } from "../components/continue-button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { LinkPromises } from "../features/sign-in/link-promises.tsx";
import { isLinkRefused, type ReconnectLink } from "../features/sign-in/reconnect-links.ts";
import { BackToStart } from "../features/sign-in/sign-in-failure.tsx";
import { useBeginSignIn } from "../lib/use-begin-sign-in.ts";

export const reconnectLazyRoute = createLazyRoute("/reconnect")({ component: ReconnectPage });

/** Where a reconnect link leads: what it is for, and the sign-in that only its own account can finish. */
function ReconnectPage() {
  const { reconnectLinks } = reconnectLazyRoute.useRouteContext();
  const link = useSyncExternalStore(reconnectLinks.subscribe, reconnectLinks.current);
  const signIn = useBeginSignIn({
    onError: ({ data }) => {
      if (isLinkRefused(data?.reason)) reconnectLinks.refuse();
    },
  });
  const { title, lead } = WORDS[link.kind];
  return (
    <div className="flex max-w-prose flex-col gap-8 pt-4 sm:pt-10">
      <div>
        <PageHeading title={title}>{title}</PageHeading>
        <p className="mt-2 text-soft" role={link.kind === "refused" ? "alert" : undefined}>
          {lead}
        </p>
      </div>
      {link.kind === "present" && <LinkPromises />}
      {/* The same button in every state: whoever pressed it with a link that is over has it in hand still. */}
      <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
        <ContinueControl
          flavour="instagram"
          isLeaving={signIn.isLeaving}
          error={isLinkRefused(signIn.error?.data?.reason) ? null : signIn.error}
          onContinue={() => signIn.start({ reconnectLink: link.kind === "present" ? link.signed : null })}
        />
        <BackToStart />
      </div>
    </div>
  );
}

const WORDS: Record<ReconnectLink["kind"], { title: string; lead: string }> = {
  present: {
    title: "Reconnect your account",
    lead: "The connection of one of your Instagram accounts needs you. Sign in with that account once more, and Perennial keeps it alive again.",
  },
  absent: {
    title: "There is no reconnect link here",
    lead: "A link is taken from the address when it is opened, and kept nowhere. Open it once more from its message. Or sign in with the account that needs reconnecting: it does the same.",
  },
  refused: {
    title: "This reconnect link is no longer good",
    lead: "Links end after fourteen days, when their account is disconnected, or when a part of them is lost on the way. Sign in with the account that needs reconnecting: it does the same.",
  },
};
