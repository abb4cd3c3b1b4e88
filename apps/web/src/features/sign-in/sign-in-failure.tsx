import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";

import { Button, buttonClass } from "../../components/button.tsx";
import { ContinueButton } from "../../components/continue-button.tsx";
import { CallList } from "../../components/diagnosis/call-list.tsx";
import { EndedByBadge, type EndedBy } from "../../components/diagnosis/ended-by.tsx";
import { ProofIds } from "../../components/problem.tsx";
import type { Explained } from "../../lib/api-error.ts";
import type { Flavour } from "../../lib/trpc.ts";
import { Cause } from "./cause.tsx";
import { ExportSignIn } from "./export-sign-in.tsx";
import { StepList } from "./step-list.tsx";
import { STEPS, type StepName, type StepStatuses } from "./steps.ts";

type Props = {
  flavour: Flavour;
  problem: Explained;
  failedStep: StepName | null;
  steps: StepStatuses;
  /** Null where the attempt is not known: then nothing more can be found out about it. */
  attemptId: string | null;
  onLookAgain: (() => void) | null;
};

/** A sign-in that did not come to its end: where it stopped, the likely cause, what to do, the proof. */
export function SignInFailure({ flavour, problem, failedStep, steps, attemptId, onLookAgain }: Props) {
  const { endedBy } = problem;
  const step = STEPS.find(({ name }) => name === failedStep);
  const isOtherAccount = problem.reason === "wrong_account";
  // Who was signed in there was taken; the same again would only repeat it.
  const needsOtherAccount = isOtherAccount || problem.reason === "account_held";
  // What was unticked is not asked for a second time unless somebody says so.
  const isMissingPermission = problem.reason === "permission_missing";
  return (
    <div className="flex flex-col gap-8">
      <div role="alert" className={`border-l-3 pl-5 ${BORDERS[endedBy ?? "time"]}`}>
        <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2 text-small font-semibold empty:hidden">
          {endedBy !== null && <EndedByBadge endedBy={endedBy} />}
          {step !== undefined && <span>Stopped at “{step.title}”</span>}
        </p>
        <p className="text-lead font-medium">{problem.message}</p>
        <p className="mt-2">{problem.cure}</p>
        <div className="mt-4 empty:hidden">
          <ProofIds explained={problem} />
        </div>
      </div>

      {isOtherAccount && <p className="text-soft">{RIGHT_ACCOUNT[flavour]}</p>}
      <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
        {onLookAgain === null ? (
          <ContinueButton
            flavour={flavour}
            // Before whoever runs the site has acted, the same again fails again.
            tone={endedBy === "operator" ? "secondary" : "primary"}
            forceReauth={needsOtherAccount}
            rerequest={isMissingPermission}
          />
        ) : (
          <Button tone="primary" size="large" isWide onClick={onLookAgain}>
            <RotateCw className="size-5" aria-hidden="true" />
            Look again
          </Button>
        )}
        <BackToStart />
      </div>

      {problem.help !== null && <Cause help={problem.help} attemptId={attemptId} />}
      <details className="group border-t border-hairline pt-4">
        <summary className="cursor-pointer py-2 text-small font-semibold text-soft hover:text-ink">
          What we did
        </summary>
        <div className="flex flex-col gap-8 pt-4">
          <StepList steps={steps} flavour={flavour} />
          <CallList steps={problem.steps} />
          {attemptId !== null && <ExportSignIn attemptId={attemptId} />}
        </div>
      </details>
    </div>
  );
}

const BORDERS: Record<EndedBy, string> = {
  time: "border-leaf",
  person: "border-clay",
  operator: "border-slate",
  caller: "border-amber",
};

/** How the right account comes back, whether a link or a button of ours led to the sign-in. */
const RIGHT_ACCOUNT: Record<Flavour, string> = {
  instagram:
    "Continue from here, and Instagram asks which account; the right one is reconnected just the same. If a link led you here, you may open it again, too.",
  facebook:
    "Continue from here as the person whose Page carries the account, and leave that Page ticked in Facebook’s dialog. If a link led you here, you may open it again, too.",
};

/** The quiet way out of every callback page. */
export function BackToStart() {
  return (
    <Link to="/" className={buttonClass("quiet", "large")}>
      Back to the start
    </Link>
  );
}
