import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useRef } from "react";

import { Button, buttonClass } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { trpc, type Connection } from "../../lib/trpc.ts";

type Props = { connection: Connection; onDisconnected: () => void };

/** The quiet end of the page: leaving, with one question before. */
export function Disconnect({ connection, onDisconnected }: Props) {
  const keepButton = useRef<HTMLButtonElement>(null);
  const disconnect = trpc.connections.disconnect.useMutation({ onSuccess: onDisconnected });
  return (
    <AlertDialog.Root onOpenChange={(isOpen) => isOpen && disconnect.reset()}>
      <AlertDialog.Trigger className={`${buttonClass("secondary")} text-clay`}>
        Disconnect
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <AlertDialog.Popup
          initialFocus={keepButton}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-dialog -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-large border border-hairline bg-raised p-6 shadow-raised"
        >
          <AlertDialog.Title className="line-clamp-3 shrink-0 text-heading break-words">
            Disconnect @<bdi>{connection.username}</bdi>?
          </AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="flex flex-col gap-3 text-small text-soft">
            <p>
              Perennial forgets the token and stops renewing it. Programs that read it are refused from now
              on. Nothing on Instagram is changed or deleted.
            </p>
            <p>
              To withdraw the permission at Instagram too, remove the app there: Settings, then Apps and
              websites.
            </p>
          </AlertDialog.Description>
          <ActionProblem error={disconnect.error} />
          <div className="mt-2 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
            <AlertDialog.Close ref={keepButton} className={buttonClass("secondary")}>
              Keep it
            </AlertDialog.Close>
            <Button
              tone="danger"
              isBusy={disconnect.isPending || disconnect.isSuccess}
              onClick={() => disconnect.mutate({ id: connection.id })}
            >
              Disconnect account
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
