import { Link, createLazyRoute, useRouter } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";

import { buttonClass } from "../components/button.tsx";
import { ContinueButton } from "../components/continue-button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { isForTerminal } from "../features/sign-in/arrived-callback.ts";
import { BackToTerminal } from "../features/sign-in/back-to-terminal.tsx";
import { returnPathOf } from "../features/sign-in/return-path.ts";
import { BackToStart, SignInFailure } from "../features/sign-in/sign-in-failure.tsx";
import { SignInProgress } from "../features/sign-in/sign-in-progress.tsx";
import {
  createSignInRuns,
  signInApiOf,
  type SignInRun,
  type SignInRuns,
  type SignInState,
} from "../features/sign-in/sign-in-run.ts";
import type { Flavour } from "../lib/trpc.ts";
import { NotFoundPage } from "./not-found.tsx";
import type { RouterContext } from "./root.tsx";

export const callbackLazyRoute = createLazyRoute("/auth/$flavour/callback")({ component: CallbackPage });

/** Long enough for the last tick to be seen. */
const LAST_TICK_MS = 350;

let runs: SignInRuns | null = null;

/** The sign-ins of this page load: made once, so that rendering twice begins nothing twice. */
function runsOf({ client, session, arrived }: RouterContext): SignInRuns {
  runs ??= createSignInRuns({
    api: signInApiOf(client),
    arrived,
    isOnline: () => navigator.onLine,
    onSignedIn: () => session.begin(),
  });
  return runs;
}

/** Where Instagram sends people back to. */
function CallbackPage() {
  const { flavour } = callbackLazyRoute.useParams();
  const { attempt } = callbackLazyRoute.useSearch();
  const context = callbackLazyRoute.useRouteContext();
  if (flavour !== "instagram" && flavour !== "facebook") return <NotFoundPage />;
  const { arrived } = context;
  const isBackToTerminal =
    arrived?.flavour === flavour && arrived.attemptId === (attempt ?? null) && isForTerminal(arrived);
  if (isBackToTerminal) {
    return (
      <div className="flex max-w-prose flex-col gap-8 pt-4 sm:pt-10">
        <BackToTerminal arrived={arrived} />
      </div>
    );
  }
  // Asked for while rendering, and the same run every time: nothing is begun twice.
  const run = runsOf(context).runFor({ flavour, attemptId: attempt ?? null });
  return (
    <div className="flex max-w-prose flex-col gap-8 pt-4 sm:pt-10">
      {run === null ? (
        <NothingToFinish />
      ) : (
        <FollowedRun run={run} flavour={flavour} attemptId={attempt ?? null} />
      )}
    </div>
  );
}

type FollowedProps = { run: SignInRun; flavour: Flavour; attemptId: string | null };

function FollowedRun({ run, flavour, attemptId }: FollowedProps) {
  const router = useRouter();
  const { outcome, steps } = useSyncExternalStore(run.subscribe, run.state);
  const next = nextAddressOf(outcome);

  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => router.history.replace(next), LAST_TICK_MS);
    return () => clearTimeout(timer);
  }, [router, next]);

  const { title, lead } = wordsFor(outcome);
  return (
    <>
      <div>
        <PageHeading title={title}>{title}</PageHeading>
        {lead !== null && <p className="mt-2 text-soft">{lead}</p>}
      </div>
      {outcome.kind === "denied" && <ChangeOfMind flavour={flavour} />}
      {outcome.kind === "failed" && (
        <SignInFailure
          flavour={flavour}
          problem={outcome.problem}
          failedStep={outcome.failedStep}
          steps={steps}
          attemptId={attemptId}
          onLookAgain={outcome.canLookAgain ? run.lookAgain : null}
        />
      )}
      {(outcome.kind === "running" || next !== null) && <SignInProgress steps={steps} flavour={flavour} />}
    </>
  );
}

/** Where the page goes on by itself; null where it stays. Only the attempt's public id is in an address. */
function nextAddressOf(outcome: SignInState["outcome"]): string | null {
  if (outcome.kind === "choice") return `/auth/choose?attempt=${outcome.attemptId}`;
  return outcome.kind === "done" ? returnPathOf(outcome.returnTo) : null;
}

function wordsFor(outcome: SignInState["outcome"]): { title: string; lead: string | null } {
  return isWrongAccount(outcome) ? WRONG_ACCOUNT : WORDS[outcome.kind];
}

const WRONG_ACCOUNT = {
  title: "Another account has to come back",
  lead: "Nothing was stored, and nothing was changed.",
};

const WORDS: Record<SignInState["outcome"]["kind"], { title: string; lead: string | null }> = {
  running: { title: "Finishing your sign-in", lead: "A few seconds. You may reload; nothing is done twice." },
  done: { title: "Connected", lead: "From here on Perennial keeps this connection alive." },
  choice: { title: "Signed in", lead: "Several accounts can be connected. Next you say which." },
  denied: {
    title: "You chose not to connect",
    lead: "Nothing was stored. You can change your mind at any time.",
  },
  failed: { title: "The sign-in stopped", lead: null },
};

function isWrongAccount(outcome: SignInState["outcome"]): boolean {
  return outcome.kind === "failed" && outcome.problem.reason === "wrong_account";
}

function ChangeOfMind({ flavour }: { flavour: Flavour }) {
  return (
    <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
      <ContinueButton flavour={flavour} />
      <BackToStart />
    </div>
  );
}

/** Reached by hand or from a bookmark: there is no sign-in to finish. */
function NothingToFinish() {
  return (
    <>
      <div>
        <PageHeading title="Nothing to finish here">Nothing to finish here</PageHeading>
        <p className="mt-2 text-soft">
          This is where you are sent back to after a sign-in. There is none waiting. One that was begun at a
          terminal shows its address once: begin it there again.
        </p>
      </div>
      <div>
        <Link to="/" className={buttonClass("primary")}>
          Go to the start
        </Link>
      </div>
    </>
  );
}
