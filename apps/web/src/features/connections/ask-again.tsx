import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import type { Connection } from "../../lib/trpc.ts";
import { useBeginSignIn } from "../../lib/use-begin-sign-in.ts";

/** Permissions were asked for and not granted: one click asks for just those again. */
export function AskAgain({ connection }: { connection: Connection }) {
  const { start, isLeaving, error } = useBeginSignIn();
  const { id, flavour, missingScopes } = connection;
  const isOne = missingScopes.length === 1;
  return (
    <div className="flex flex-col items-start gap-3 rounded-large bg-amber-wash p-4">
      <p className="text-small">
        {isOne ? "One permission is missing." : `${missingScopes.length} permissions are missing.`} What needs{" "}
        {isOne ? "it" : "them"} does not work; everything else does.
      </p>
      <Button
        tone="secondary"
        isBusy={isLeaving}
        onClick={() =>
          start({ flavour, reconnectConnectionId: id, rerequest: true, returnTo: `/connections/${id}` })
        }
      >
        Ask {COMPANIES[flavour]} again
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
