import type { Query, QueryClient } from "@tanstack/react-query";
import { createTRPCQueryUtils, getQueryKey } from "@trpc/react-query";
import type { AppRouter } from "@perennial/api/router";

import type { SessionChannel } from "../lib/session-channel.ts";
import { trpc, type ApiClient } from "../lib/trpc.ts";

/** Keeps what this page knows in step with the session: here, and in the other tabs. */
export type SessionKeeper = {
  /** A session was opened here. */
  begin(): void;
  /** The session was ended here. */
  end(): void;
};

/** Sets up the page's knowledge of the session. */
export function createSessionKeeper(options: {
  queryClient: QueryClient;
  client: ApiClient;
  channel: SessionChannel;
}): SessionKeeper {
  const { queryClient, client, channel } = options;
  const utils = createTRPCQueryUtils<AppRouter>({ queryClient, client });

  // All that was read or done under a session goes with it; only who is signed in is still known.
  const forgetEverything = (): void => {
    const predicate = ({ queryKey: [path] }: Query): boolean => String(path) !== "auth,session";
    void queryClient.cancelQueries({ predicate });
    queryClient.removeQueries({ predicate });
    queryClient.getMutationCache().clear();
  };
  const begin = (): void => {
    forgetEverything();
    // What was known before is unknown now: pages wait for the answer instead of acting on the old one.
    void queryClient.resetQueries({ queryKey: getQueryKey(trpc.auth.session) });
  };
  const end = (): void => {
    utils.auth.session.setData(undefined, (session) => session && { ...session, user: null });
    forgetEverything();
  };

  channel.listen((news) => (news === "signed_in" ? begin() : end()));
  return {
    begin: () => {
      begin();
      channel.tell("signed_in");
    },
    end: () => {
      end();
      channel.tell("signed_out");
    },
  };
}
