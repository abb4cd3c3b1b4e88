import { useState } from "react";

import { trpc, type ApiError, type CreatedKey, type KeySettings } from "../../lib/trpc.ts";

/** A use of a key changes no connection, so nobody tells. */
const POLL_MS = 30_000;

/** A person's API keys, newest first. */
export function useKeys() {
  return trpc.keys.list.useQuery(undefined, { refetchInterval: POLL_MS });
}

/**
 * Makes a key. Its secret lives in what this gives alone: no cache of the api's answers keeps it, and it is gone
 * once the person has taken it along or left the page.
 */
export function useMakeKey(): {
  make: (settings: KeySettings) => void;
  isMaking: boolean;
  error: ApiError | null;
  made: CreatedKey | null;
  forget: () => void;
} {
  const utils = trpc.useUtils();
  const [made, setMade] = useState<CreatedKey | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const mutation = trpc.keys.create.useMutation({ gcTime: 0 });
  const make = (settings: KeySettings): void => {
    if (mutation.isPending) return;
    setError(null);
    mutation.mutate(settings, {
      onSuccess: (created) => {
        setMade(created);
        void utils.keys.list.invalidate();
      },
      onError: setError,
      onSettled: () => mutation.reset(),
    });
  };
  return { make, isMaking: mutation.isPending, error, made, forget: () => setMade(null) };
}
