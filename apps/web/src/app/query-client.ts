import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { isSignedOut, isWorthRetrying, retryDelayMs } from "../lib/api-error.ts";

/** Answers are fresh for this long; a change announces itself earlier. */
const FRESH_MS = 10_000;

/** The cache of everything the api said. Changes are never repeated by themselves. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: isWorthRetrying,
        retryDelay: (failures, error) => retryDelayMs(failures, error),
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
