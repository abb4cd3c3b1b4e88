import { useInfiniteQuery } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";

import { trpc, type ApiError, type HistoryEntry } from "../../lib/trpc.ts";

/** Enough for the first look; more is asked for page by page. */
const PAGE_SIZE = 20;

/** The history of a connection, page by page; a change reads the pages again in order, without gaps. */
export function useHistory(id: string) {
  const { client } = trpc.useUtils();
  return useInfiniteQuery<
    HistoryEntry[],
    ApiError,
    HistoryEntry[],
    ReturnType<typeof getQueryKey>,
    string | undefined
  >({
    queryKey: getQueryKey(trpc.connections.history, { id }, "infinite"),
    initialPageParam: undefined,
    queryFn: async ({ pageParam, signal }) => {
      const input = { id, limit: PAGE_SIZE, ...(pageParam === undefined ? {} : { before: pageParam }) };
      const { entries } = await client.connections.history.query(input, { signal });
      return entries;
    },
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.startedAt),
    select: ({ pages }) => pages.flat(),
  });
}

/** A history query as components take it. */
export type History = ReturnType<typeof useHistory>;
