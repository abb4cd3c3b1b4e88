import { QueryClient } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import { describe, expect, it } from "vitest";

import type { SessionChannel, SessionNews } from "../lib/session-channel.ts";
import { createApiClient, trpc } from "../lib/trpc.ts";
import { createSessionKeeper, type SessionKeeper } from "./session-keeper.ts";

const SESSION = getQueryKey(trpc.auth.session, undefined, "query");

type Tab = { queryClient: QueryClient; keeper: SessionKeeper };

/** Tabs of one browser, with something private in each. */
function openTabs(count: number): Tab[] {
  const listeners: ((news: SessionNews) => void)[] = [];
  return Array.from({ length: count }, () => {
    const queryClient = new QueryClient();
    const own: ((news: SessionNews) => void)[] = [];
    const channel: SessionChannel = {
      listen: (listener) => {
        own.push(listener);
        listeners.push(listener);
      },
      tell: (news) => {
        for (const listener of listeners) if (!own.includes(listener)) listener(news);
      },
    };
    const keeper = createSessionKeeper({ queryClient, client: createApiClient(), channel });
    const user = { id: "usr_1", signedInAt: "2027-01-01T00:00:00Z" };
    queryClient.setQueryData(SESSION, { user, flavours: [], isSimulated: false, now: user.signedInAt });
    for (const procedure of [trpc.connections.list, trpc.keys.list, trpc.auth.sessions, trpc.sinks.kinds])
      queryClient.setQueryData(getQueryKey(procedure, undefined, "query"), "private");
    queryClient.getMutationCache().build(queryClient, { mutationFn: async () => "a secret, shown once" });
    return { queryClient, keeper };
  });
}

/** What a tab still knows. */
function known({ queryClient }: Tab): unknown[] {
  const queries = queryClient.getQueryCache().getAll();
  return [
    ...queries.map(({ queryKey, state }) => [String(queryKey[0]), state.data]),
    ...queryClient.getMutationCache().getAll(),
  ];
}

describe("the end of a session", () => {
  it("SP-04 leaves nothing private in any tab's memory, and every tab knows that nobody is signed in", () => {
    const tabs = openTabs(3);
    tabs[0]?.keeper.end();
    for (const tab of tabs)
      expect(known(tab)).toEqual([["auth,session", expect.objectContaining({ user: null })]]);
  });

  it("SP-04 leaves nothing of somebody else to whoever signs in next", () => {
    const tabs = openTabs(2);
    tabs[0]?.keeper.begin();
    for (const tab of tabs) expect(known(tab)).toEqual([["auth,session", undefined]]);
  });
});
