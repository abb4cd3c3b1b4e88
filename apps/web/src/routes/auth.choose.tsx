import { createLazyRoute, useRouter } from "@tanstack/react-router";
import { useState } from "react";

import { ContinueButton } from "../components/continue-button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { Problem } from "../components/problem.tsx";
import { Loading, Skeleton } from "../components/skeleton.tsx";
import { AccountPicker, isChoiceOver } from "../features/account-choice/account-picker.tsx";
import { ChoiceHeading } from "../features/account-choice/choice-heading.tsx";
import { NothingToPick } from "../features/account-choice/nothing-to-pick.tsx";
import { UnusablePages } from "../features/account-choice/unusable-pages.tsx";
import { returnPathOf } from "../features/sign-in/return-path.ts";
import { BackToStart } from "../features/sign-in/sign-in-failure.tsx";
import { trpc } from "../lib/trpc.ts";

export const chooseLazyRoute = createLazyRoute("/auth/choose")({ component: ChoosePage });

/** After a login that reaches several accounts, or none: which to connect. A reload asks again. */
function ChoosePage() {
  const { attempt } = chooseLazyRoute.useSearch();
  return (
    <div className="flex max-w-prose flex-col gap-8 pt-4 sm:pt-10">
      {attempt === undefined ? <ChoiceOver /> : <Choice key={attempt} attemptId={attempt} />}
    </div>
  );
}

function Choice({ attemptId }: { attemptId: string }) {
  const { session } = chooseLazyRoute.useRouteContext();
  const router = useRouter();
  const [isOver, setIsOver] = useState(false);
  // What is offered does not change; asked again it would be over once the person has chosen.
  const query = trpc.auth.choice.useQuery({ attemptId }, { staleTime: Infinity, gcTime: 0 });
  if (isOver) return <ChoiceOver />;
  if (query.data === undefined) {
    if (!query.isError) return <ChoiceSkeleton />;
    return isChoiceOver(query.error.data?.reason) ? (
      <ChoiceOver />
    ) : (
      <>
        <ChoiceHeading />
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  const { emptyBecause, unusable } = query.data;
  return (
    <>
      {emptyBecause === null ? (
        <AccountPicker
          choice={query.data}
          wayOut={<BackToStart />}
          onOver={() => setIsOver(true)}
          onSignedIn={(returnTo) => {
            session.begin();
            router.history.replace(returnPathOf(returnTo));
          }}
        />
      ) : (
        <NothingToPick because={emptyBecause} wayOut={<BackToStart />} />
      )}
      <UnusablePages pages={unusable} />
    </>
  );
}

function ChoiceOver() {
  return (
    <>
      <div>
        <PageHeading title="Nothing to choose any more">Nothing to choose any more</PageHeading>
        <p className="mt-2 text-soft">
          After a sign-in there are ten minutes to choose accounts, once, in the same browser. What was
          connected stays connected. To choose again, sign in again; it takes one click.
        </p>
      </div>
      <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
        <ContinueButton flavour="facebook" />
        <BackToStart />
      </div>
    </>
  );
}

/** In the size of what most people have. */
function ChoiceSkeleton() {
  return (
    <>
      <ChoiceHeading />
      <Loading what="the accounts" />
      <div aria-hidden="true" className="flex flex-col gap-3">
        {[0, 1, 2].map((row) => (
          <div
            key={row}
            className="flex h-20 items-center gap-4 rounded-large border border-hairline bg-raised p-4"
          >
            <Skeleton className="size-6" />
            <Skeleton className="size-11 rounded-full" />
            <div className="flex flex-col gap-2">
              <Skeleton className="h-4 w-28" />
              <Skeleton className="h-3.5 w-40" />
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
