import { useState } from "react";

import { AccountOptions } from "../../components/account-options.tsx";
import { Button } from "../../components/button.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { trpc, type AccountChoice } from "../../lib/trpc.ts";
import { connectWords, optionOf, preselected } from "./choice-words.ts";

type Props = {
  choice: AccountChoice;
  /** The accounts are connected and a session is open. */
  onSignedIn: (returnTo: string) => void;
  /** The choice is over: it was made elsewhere, or took too long. */
  onOver: () => void;
};

/** Which of the accounts that a login reaches are to be connected. */
export function AccountPicker({ choice, onSignedIn, onOver }: Props) {
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
      <div>
        <PageHeading title="Choose accounts">Which accounts do you want to connect?</PageHeading>
        <p className="mt-2 text-soft">
          Facebook lets this site reach these professional accounts through your Pages. Nothing is stored
          before you choose.
        </p>
      </div>
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
        {isFree && (
          <div className="flex flex-col items-start gap-3">
            <Button
              type="submit"
              tone="primary"
              size="large"
              isWide
              isBusy={choose.isPending || choose.isSuccess}
            >
              {connectWords(picked.size)}
            </Button>
            <output className="text-small text-amber empty:hidden">
              {isAskedForOne && "Tick at least one account."}
            </output>
            <ActionProblem error={choose.error} />
          </div>
        )}
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
