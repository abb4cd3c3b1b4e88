import { AccountPicture } from "../../components/account-picture.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import { countWords } from "../../lib/time-words.ts";
import type { Connection } from "../../lib/trpc.ts";
import { accountKind } from "./account-words.ts";
import { LoginMark } from "./login-mark.tsx";
import { SentenceText } from "./sentence-text.tsx";
import { StateBadge } from "./state-badge.tsx";
import { adviceFor, stateSentence, type StateLook } from "./state-words.ts";

type Props = {
  connection: Connection;
  look: StateLook;
  now: number;
  /** Its login is paused, which a notice below explains. */
  isHeldBack: boolean;
};

/** Whose account it is, how it is doing, and what to do about it. */
export function ConnectionHeader({ connection, look, now, isHeldBack }: Props) {
  const { username, name, accountId, accountType, pictureUrl, followersCount, mediaCount } = connection;
  const { flavour, page } = connection;
  return (
    <header className="flex flex-col gap-6">
      <div className="flex items-center gap-4">
        <AccountPicture username={username} pictureUrl={pictureUrl} size="large" />
        <div className="min-w-0">
          <PageHeading title={`@${username}`} className="line-clamp-3 text-title break-words">
            @<bdi>{username}</bdi>
          </PageHeading>
          <p className="figures line-clamp-4 break-words text-soft">
            {accountKind(accountType)}
            {name !== null && (
              <>
                {" · "}
                <bdi>{name}</bdi>
              </>
            )}
            {followersCount !== null && ` · ${countWords(followersCount)}\u00a0followers`}
            {mediaCount !== null && ` · ${countWords(mediaCount)}\u00a0posts`}
          </p>
          <p className="figures flex flex-wrap items-center gap-x-1.5 text-caption text-soft">
            <LoginMark flavour={flavour} />
            <span aria-hidden="true">{COMPANIES[flavour]} Login</span>
            {page !== null && (
              <span className="min-w-0 break-words">
                · Page: <bdi>{page.name}</bdi>
              </span>
            )}
            <span>· Account id {accountId}</span>
          </p>
        </div>
      </div>
      <div className="flex flex-col items-start gap-3 sm:flex-row sm:items-baseline">
        <output>
          <StateBadge look={look} />
        </output>
        <p className="max-w-prose text-lead">
          <SentenceText sentence={stateSentence(connection, now, isHeldBack)} now={now} />{" "}
          {isHeldBack ? null : adviceFor(connection)}
        </p>
      </div>
    </header>
  );
}
