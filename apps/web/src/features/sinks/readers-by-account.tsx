import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

import { AccountPicture } from "../../components/account-picture.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { trpc } from "../../lib/trpc.ts";
import { READERS_ID } from "./sink-words.ts";

/** Where the places are set up to which tokens are delivered: with the account whose token it is. */
export function ReadersByAccount() {
  return (
    <Section
      title="Who reads a token"
      intro="A program that cannot ask finds its token where it looks already: a webhook, Redis or a file gets the new one within a second of each renewal. These places are set up with the account."
    >
      <Accounts />
    </Section>
  );
}

function Accounts() {
  const list = trpc.connections.list.useQuery();
  if (list.data === undefined) {
    if (list.isError) return <Problem error={list.error} onRetry={() => void list.refetch()} />;
    return (
      <>
        <Loading what="the accounts" />
        <Skeleton className="h-11 w-full" />
      </>
    );
  }
  const { connections } = list.data;
  if (connections.length === 0) return <p className="text-small text-soft">No account is connected.</p>;
  return (
    <ul aria-label="Accounts whose token is read" className="flex flex-col divide-y divide-hairline">
      {connections.map(({ id, username, pictureUrl }) => (
        <li key={id} className="py-3 first:pt-0 last:pb-0">
          <Link
            to="/connections/$id"
            params={{ id }}
            hash={READERS_ID}
            className="flex items-center gap-4 hover:text-evergreen"
          >
            <AccountPicture username={username} pictureUrl={pictureUrl} size="medium" />
            <span className="min-w-0 grow truncate font-semibold">
              @<bdi>{username}</bdi>
            </span>
            <ChevronRight className="size-5 shrink-0 text-soft" aria-hidden="true" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
