import { LogOut } from "lucide-react";

import { Button } from "../../components/button.tsx";
import { trpc } from "../../lib/trpc.ts";

/** Ends the session on the server, here and in every other tab. */
export function SignOutButton({ onSignedOut }: { onSignedOut: () => void }) {
  const signOut = trpc.auth.signOut.useMutation({ onSuccess: onSignedOut });
  return (
    <div className="-mr-4 flex items-center gap-3">
      {signOut.isError && (
        <p role="alert" className="text-small text-clay">
          Not signed out. Try again.
        </p>
      )}
      <Button tone="quiet" isBusy={signOut.isPending || signOut.isSuccess} onClick={() => signOut.mutate()}>
        <LogOut className="size-4" aria-hidden="true" />
        Sign out
      </Button>
    </div>
  );
}
