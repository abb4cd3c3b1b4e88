import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "../../components/button.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import type { AccountChoice } from "../../lib/trpc.ts";
import { useBeginSignIn } from "../../lib/use-begin-sign-in.ts";
import { EMPTY } from "./choice-words.ts";

type Props = {
  because: NonNullable<AccountChoice["emptyBecause"]>;
  /** The quiet way out, beside the button. */
  wayOut: ReactNode;
};

/** A login that reaches no account: which of the known causes it is, and what to do. */
export function NothingToPick({ because, wayOut }: Props) {
  const { start, isLeaving, error } = useBeginSignIn();
  const { title, why, cures } = EMPTY[because];
  return (
    <>
      <div>
        <PageHeading title={title}>{title}</PageHeading>
        <p className="mt-2 text-soft">{why} Nothing was stored.</p>
      </div>
      <ul aria-label="What to do" className="flex list-disc flex-col gap-2 pl-5 marker:text-evergreen">
        {cures.map((cure) => (
          <li key={cure}>{cure}</li>
        ))}
      </ul>
      <div className="flex flex-col gap-3">
        <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
          <Button
            tone="primary"
            size="large"
            isWide
            isBusy={isLeaving}
            onClick={() => start({ flavour: "facebook", rerequest: true })}
          >
            <RotateCw className="size-5" aria-hidden="true" />
            Try again with Facebook
          </Button>
          {wayOut}
        </div>
        <ActionProblem error={error} />
      </div>
    </>
  );
}
