import { trpc } from "../../lib/trpc.ts";

/** Where else somebody signs in, nobody tells this page. */
const POLL_MS = 60_000;

/** Where the person is signed in: this browser first, then the one that was used last. */
export function useSessions() {
  return trpc.auth.sessions.useQuery(undefined, { refetchInterval: POLL_MS });
}

/** Ends one session by its id, or all others. */
export function useEndSessions() {
  const utils = trpc.useUtils();
  return trpc.auth.revokeSession.useMutation({
    onSuccess: () => {
      void utils.auth.sessions.invalidate();
      void utils.auth.activity.invalidate();
    },
  });
}
