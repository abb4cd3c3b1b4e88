import { useEffect } from "react";

import { trpc } from "../../lib/trpc.ts";
import { followChanges } from "./follow-changes.ts";

/** Keeps the connections on every page as they are in the database, whichever process changed them. */
export function LiveConnections() {
  const utils = trpc.useUtils();

  useEffect(
    () =>
      followChanges({
        open: (told) => utils.client.connections.watch.subscribe(undefined, told),
        // What is in flight already is fresh enough.
        onListening: () => void utils.connections.invalidate(undefined, {}, { cancelRefetch: false }),
        onChanged: (ids) => {
          void utils.connections.list.invalidate();
          void utils.connections.alerts.invalidate();
          for (const id of ids) {
            void utils.connections.get.invalidate({ id });
            void utils.connections.history.invalidate({ id });
            void utils.diagnostics.connection.invalidate({ id });
            void utils.sinks.list.invalidate({ connectionId: id });
          }
        },
        onEnded: () => void utils.auth.session.invalidate(),
      }),
    [utils],
  );
  return null;
}
