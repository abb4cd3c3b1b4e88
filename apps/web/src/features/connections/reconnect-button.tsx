import { RotateCw } from "lucide-react";

import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import type { Connection } from "../../lib/trpc.ts";
import { useBeginSignIn } from "../../lib/use-begin-sign-in.ts";

/** Signs in again for a connection that only the person can revive or extend: in place, as the same account. */
export function ReconnectButton({ connection }: { connection: Connection }) {
  const { start, isLeaving, error } = useBeginSignIn();
  const { flavour, id } = connection;
  return (
    <div className="flex flex-col items-start gap-2">
      <Button
        tone="primary"
        isBusy={isLeaving}
        aria-describedby={`name-${id}`}
        onClick={() => start({ flavour, reconnectConnectionId: id, returnTo: `/connections/${id}` })}
      >
        <RotateCw className="size-4" aria-hidden="true" />
        Reconnect
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
