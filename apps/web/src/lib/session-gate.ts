import { trpc, type ApiError } from "./trpc.ts";

/** Whether a page that is for somebody signed in may be shown. */
export type SessionGate =
  | { kind: "pending" }
  | { kind: "open" }
  | { kind: "closed" }
  | { kind: "failed"; error: ApiError; retry: () => void };

/** Asks who is signed in. A session that ended closes the gate wherever it is used. */
export function useSessionGate(): SessionGate {
  const session = trpc.auth.session.useQuery();
  if (session.data !== undefined) return { kind: session.data.user === null ? "closed" : "open" };
  if (!session.isError) return { kind: "pending" };
  return { kind: "failed", error: session.error, retry: () => void session.refetch() };
}
