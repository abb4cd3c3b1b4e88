import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer that says what is wrong: the shape of every error outside tRPC. */
export function problem(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  retryable = false,
): Response {
  return context.json({ error: { code, message, retryable } }, status);
}
