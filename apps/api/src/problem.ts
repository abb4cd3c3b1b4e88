import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The header of what is true for one asker and one moment. */
export const NO_STORE = { "cache-control": "no-store" } as const;

/** An answer that says what is wrong, to be kept by nobody: the shape of every error outside tRPC. */
export function problem(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  retryable = false,
): Response {
  return context.json({ error: { code, message, retryable } }, status, NO_STORE);
}
