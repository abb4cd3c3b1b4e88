import { useState } from "react";

import { trpc, type ApiError, type ImportResult } from "../../lib/trpc.ts";

/** What is known of an import. */
export type ImportState =
  | { kind: "idle" }
  | { kind: "running" }
  | { kind: "done"; result: ImportResult }
  | { kind: "refused"; error: ApiError };

type ImportInput = { text: string; id: string | null; accountIds: string[] | null };

/**
 * Sends a token that was pasted. What was sent is forgotten as soon as there is an answer: neither the cache of
 * the api's answers nor anything else on this page keeps it.
 */
export function useImport(onImported: () => void): {
  state: ImportState;
  send: (input: ImportInput) => void;
  reset: () => void;
} {
  const utils = trpc.useUtils();
  const [state, setState] = useState<ImportState>({ kind: "idle" });
  const mutation = trpc.connections.importToken.useMutation({ gcTime: 0 });
  const send = (input: ImportInput): void => {
    if (state.kind === "running") return;
    setState({ kind: "running" });
    mutation.mutate(input, {
      onSuccess: (result) => {
        setState({ kind: "done", result });
        if (result.kind !== "imported") return;
        onImported();
        void utils.connections.invalidate();
      },
      onError: (error) => setState({ kind: "refused", error }),
      onSettled: () => mutation.reset(),
    });
  };
  return { state, send, reset: () => setState({ kind: "idle" }) };
}
