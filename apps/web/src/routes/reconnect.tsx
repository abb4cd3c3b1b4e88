import { createLazyRoute } from "@tanstack/react-router";
import { useState, useSyncExternalStore } from "react";

import { ContinueControl } from "../components/continue-button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { LinkPromises } from "../features/sign-in/link-promises.tsx";
import { isLinkRefused, type ReconnectLink } from "../features/sign-in/reconnect-links.ts";
import { BackToStart } from "../features/sign-in/sign-in-failure.tsx";
import { trpc, type Flavour } from "../lib/trpc.ts";
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
  const [begun, setBegun] = useState<Flavour | null>(null);
  const session = trpc.auth.session.useQuery();
  // The link does not tell how its account was connected, and either login brings it back. Until it is known
  // which there are, the one that nearly every site has.
  const flavours = session.data?.flavours ?? (["instagram"] as const);
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
        {flavours.map((flavour, index) => (
          <ContinueControl
            key={flavour}
            flavour={flavour}
            tone={index === 0 ? "primary" : "secondary"}
            isLeaving={signIn.isLeaving && begun === flavour}
            error={isLinkRefused(signIn.error?.data?.reason) || begun !== flavour ? null : signIn.error}
            onContinue={() => {
              setBegun(flavour);
              signIn.start({ flavour, reconnectLink: link.kind === "present" ? link.signed : null });
            }}
          />
        ))}
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
