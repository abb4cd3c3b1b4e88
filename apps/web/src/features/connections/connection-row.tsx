import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

import { AccountPicture } from "../../components/account-picture.tsx";
import type { Connection, PausedLogin } from "../../lib/trpc.ts";
import { accountKind } from "./account-words.ts";
import { ConnectionLifeline } from "./connection-lifeline.tsx";
import { LoginMark } from "./login-mark.tsx";
import { ReconnectButton } from "./reconnect-button.tsx";
import { SentenceText } from "./sentence-text.tsx";
import { StateBadge } from "./state-badge.tsx";
import { lookOf, needsPerson, stateSentence } from "./state-words.ts";

/** The grid of a row. Its columns are fixed, so that the lifelines of all rows can be compared. */
export const ROW_GRID =
  "grid grid-cols-[2.75rem_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-3 rounded-large border border-hairline " +
  "on-raised bg-raised p-4 sm:p-5 lg:grid-cols-[2.75rem_13rem_minmax(0,1fr)_17rem_7.5rem] lg:gap-x-5";

type Props = {
  connection: Connection;
  now: number;
  /** Its login while that is paused, which the page says above. */
  heldBackBy: PausedLogin | null;
};

/** One account in the list: the whole row opens it, and at most one action stands out. */
export function ConnectionRow({ connection, now, heldBackBy }: Props) {
  const look = lookOf(connection, now, heldBackBy);
  const { id, username, name, accountType, pictureUrl, page, flavour } = connection;
  return (
    <li className={`group relative ${ROW_GRID} hover:border-outline`}>
      <AccountPicture username={username} pictureUrl={pictureUrl} size="medium" />
      <div className="min-w-0">
        <Link
          id={`name-${id}`}
          to="/connections/$id"
          params={{ id }}
          className="block truncate font-semibold after:absolute after:inset-0 after:rounded-large focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-evergreen"
        >
          @<bdi>{username}</bdi>
        </Link>
        <p className="flex items-center gap-1.5 text-small text-soft">
          <LoginMark flavour={flavour} />
          <span className="truncate">
            {page === null ? (
              <>
                {accountKind(accountType)}
                {name !== null && (
                  <>
                    {" · "}
                    <bdi>{name}</bdi>
                  </>
                )}
              </>
            ) : (
              <>
                Page: <bdi>{page.name}</bdi>
              </>
            )}
          </span>
        </p>
      </div>
      <div className="col-span-full flex min-w-0 flex-col items-start gap-1.5 max-lg:order-1 lg:col-span-1">
        <StateBadge look={look} />
        <p className="text-small text-soft">
          <SentenceText sentence={stateSentence(connection, now, heldBackBy !== null)} now={now} />
        </p>
      </div>
      <div className="col-span-full min-w-0 max-lg:order-2 lg:col-span-1">
        <ConnectionLifeline connection={connection} tone={look.tone} now={now} size="small" />
      </div>
      {needsPerson(connection) ? (
        <div className="relative z-10 max-lg:order-3 max-lg:col-span-full lg:justify-self-end">
          <ReconnectButton connection={connection} />
        </div>
      ) : (
        <ChevronRight
          className="size-5 text-outline group-hover:text-ink lg:justify-self-end"
          aria-hidden="true"
        />
      )}
    </li>
  );
}
