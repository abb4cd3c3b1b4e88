import type { MiddlewareHandler } from "hono";
import { ServerResponse } from "node:http";

type Header = [name: string, value: string];

/**
 * Gives every answer these headers, on Node's own response where there is one: to open the headers of a web
 * Response costs as much as all else about a small request.
 */
export function answerHeaders(
  fixed: readonly Header[],
  perRequest: (requestId: string) => Header,
): MiddlewareHandler {
  return async (context, next) => {
    const headers = [...fixed, perRequest(String(context.get("requestId")))];
    const outgoing: unknown = Reflect.get(context.env ?? {}, "outgoing");
    if (outgoing instanceof ServerResponse) {
      for (const [name, value] of headers) outgoing.setHeader(name, value);
      return await next();
    }
    await next();
    for (const [name, value] of headers) context.res.headers.set(name, value);
    return undefined;
  };
}
