import { buttonClass } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { trpc, type Connection } from "../../lib/trpc.ts";

type Props = { connection: Connection; onDisconnected: () => void };

/** The quiet end of the page: leaving, with one question before. */
export function Disconnect({ connection, onDisconnected }: Props) {
  const disconnect = trpc.connections.disconnect.useMutation({ onSuccess: onDisconnected });
  return (
    <ConfirmDialog
      trigger="Disconnect"
      triggerClass={buttonClass("leaving")}
      title={
        <>
          Disconnect @<bdi>{connection.username}</bdi>?
        </>
      }
      keepWords="Keep it"
      confirmWords="Disconnect account"
      change={disconnect}
      onConfirm={() => disconnect.mutate({ id: connection.id })}
    >
      <p>
        Perennial forgets the token and stops renewing it. Programs that read it are refused from now on.
        Nothing on Instagram is changed or deleted.
      </p>
      <p>
        To withdraw the permission at Instagram too, remove the app there: Settings, then Apps and websites.
      </p>
    </ConfirmDialog>
  );
}
