import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { StrictMode, type ReactNode } from "react";

import { trpc, type ApiClient } from "../lib/trpc.ts";

type Props = { client: ApiClient; queryClient: QueryClient; children: ReactNode };

/** What every component may use: the api and the cache of its answers. */
export function Provider({ client, queryClient, children }: Props) {
  return (
    <StrictMode>
      <trpc.Provider client={client} queryClient={queryClient}>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </trpc.Provider>
    </StrictMode>
  );
}
