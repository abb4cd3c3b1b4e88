import { Plus, RotateCw } from "lucide-react";

import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import type { Connection } from "../../lib/trpc.ts";
import { useBeginSignIn } from "../../lib/use-begin-sign-in.ts";

/** Signs in again for a connection that only the person can revive. */
export function ReconnectButton({ connection }: { connection: Connection }) {
  const { start, isLeaving, error } = useBeginSignIn();
  const { flavour, id } = connection;
  return (
    <div className="flex flex-col items-start gap-2">
      <Button
        tone="primary"
        isBusy={isLeaving}
        aria-describedby={`name-${id}`}
        onClick={() => start({ flavour, returnTo: `/connections/${id}` })}
      >
        <RotateCw className="size-4" aria-hidden="true" />
        Reconnect
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}

/** Adds an account; Instagram asks which one, even when the person is signed in there. */
export function AddAccountButton() {
  const { start, isLeaving, error } = useBeginSignIn();
  return (
    <div className="flex flex-col items-start gap-2 sm:items-end">
      <Button tone="secondary" isBusy={isLeaving} onClick={() => start({ forceReauth: true })}>
        <Plus className="size-4" aria-hidden="true" />
        Add another account
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
