import { useState } from "react";

import { trpc, type ApiError, type Sink, type SinkSettings } from "../../lib/trpc.ts";
import { sinksPollMs } from "./sink-words.ts";

/** Who reads a connection's token, oldest first. */
export function useSinks(connectionId: string) {
  return trpc.sinks.list.useQuery(
    { connectionId },
    { refetchInterval: ({ state }) => sinksPollMs(state.data ?? [], Date.now()) },
  );
}

/** A place to be set up: a new one, or one that is there; null settings leave what it was told. */
export type SaveInput = {
  id: string | null;
  connectionId: string;
  name: string;
  settings: SinkSettings | null;
};

/** Sets a place up. What was sent is forgotten as soon as there is an answer: secrets may be in it. */
export function useSaveSink(onSaved: (saved: { sink: Sink; webhookSecret: string | null }) => void): {
  save: (input: SaveInput) => void;
  isSaving: boolean;
  error: ApiError | null;
} {
  const utils = trpc.useUtils();
  const [error, setError] = useState<ApiError | null>(null);
  const mutation = trpc.sinks.save.useMutation({ gcTime: 0 });
  const save = (input: SaveInput): void => {
    if (mutation.isPending) return;
    setError(null);
    mutation.mutate(input, {
      onSuccess: (saved) => {
        void utils.sinks.invalidate();
        onSaved(saved);
      },
      onError: setError,
      onSettled: () => mutation.reset(),
    });
  };
  return { save, isSaving: mutation.isPending, error };
}
