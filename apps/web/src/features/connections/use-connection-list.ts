import { trpc } from "../../lib/trpc.ts";
import { pausePollMs } from "./pause-words.ts";

/** All accounts of a person, and the logins that are paused; read again when a pause may have begun or ended. */
export function useConnectionList() {
  return trpc.connections.list.useQuery(undefined, {
    refetchInterval: ({ state }) => pausePollMs(state.data?.paused ?? [], Date.now()),
  });
}
