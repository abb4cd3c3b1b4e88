import { useState, type ReactNode } from "react";

import { AccountOptions } from "../../components/account-options.tsx";
import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { trpc, type AccountChoice } from "../../lib/trpc.ts";
import { ChoiceHeading } from "./choice-heading.tsx";
import { connectWords, optionOf, preselected } from "./choice-words.ts";

type Props = {
  choice: AccountChoice;
  /** The accounts are connected and a session is open. */
  onSignedIn: (returnTo: string) => void;
  /** The choice is over: it was made elsewhere, or took too long. */
  onOver: () => void;
  /** The quiet way out, beside the button. */
  wayOut: ReactNode;
};

/** Which of the accounts that a login reaches are to be connected. */
export function AccountPicker({ choice, onSignedIn, onOver, wayOut }: Props) {
  const { attemptId, accounts } = choice;
  const [picked, setPicked] = useState(() => preselected(accounts));
  const [isAskedForOne, setIsAskedForOne] = useState(false);
  const choose = trpc.auth.choose.useMutation({
    onSuccess: (answer) => answer.kind === "signed_in" && onSignedIn(answer.returnTo),
    onError: ({ data }) => isChoiceOver(data?.reason) && onOver(),
  });
  const isFree = accounts.some(({ standing }) => standing !== "held");
  return (
    <>
      <ChoiceHeading />
      <form
        className="flex flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          setIsAskedForOne(picked.size === 0);
          if (picked.size > 0 && !choose.isPending && !choose.isSuccess)
            choose.mutate({ attemptId, accountIds: [...picked] });
        }}
      >
        <AccountOptions
          legend="Accounts to connect"
          options={accounts.map(optionOf)}
          picked={picked}
          onChange={(next) => {
            setPicked(next);
            setIsAskedForOne(false);
          }}
        />
        {!isFree && <p>None of these can be connected by you as things are.</p>}
        <div className="flex flex-col gap-3">
          <div className={`flex flex-col gap-3 sm:flex-row sm:items-start ${isFree ? "" : "sm:-ml-6"}`}>
            {isFree && (
              <Button
                type="submit"
                tone="primary"
                size="large"
                isWide
                isBusy={choose.isPending || choose.isSuccess}
              >
                {connectWords(picked.size)}
              </Button>
            )}
            {wayOut}
          </div>
          <output className="text-small text-amber empty:hidden">
            {isAskedForOne && "Tick at least one account."}
          </output>
          <ActionProblem error={choose.error} />
        </div>
      </form>
    </>
  );
}

/** Whether there is nothing left to choose: the time is over, or this browser is not the one that signed in. */
export function isChoiceOver(reason: string | undefined): boolean {
  return (
    reason === "sign_in_expired" || reason === "sign_in_wrong_browser" || reason === "sign_in_interrupted"
  );
}
