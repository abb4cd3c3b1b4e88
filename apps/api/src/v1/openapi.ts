import { OpenAPIHono, createRoute, z } from "@hono/zod-openapi";

import {
  connectionBody,
  connectionListBody,
  noQuery,
  problemBody,
  refreshBody,
  refreshRequest,
  tokenBody,
  tokenQuery,
} from "./schemas.ts";

const params = z.object({
  id: z.string().openapi({ param: { name: "id", in: "path" }, description: "The id of a connection." }),
});
const security = [{ key: [] }];

const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { "application/json": { schema } },
});

/** What any of them may be refused with. */
const refusals = {
  400: json("The request is not what this address takes (`bad_request`).", problemBody),
  401: json("`key_missing`, `key_invalid`, `key_expired` or `key_revoked`, with `at`.", problemBody),
  403: json("`key_action_refused`, `key_connection_refused` or `key_address_refused`.", problemBody),
  429: json("`too_many_requests`: come again after `Retry-After` seconds.", problemBody),
  503: json("`unavailable` or `overloaded`: come again after `Retry-After` seconds.", problemBody),
};
const missing = json("`connection_not_found`, also for another user's.", problemBody);

/** Every route of /v1. */
export const ROUTES = [
  createRoute({
    method: "get",
    path: "/v1/connections",
    operationId: "listConnections",
    summary: "The connections the key may see",
    security,
    request: { query: noQuery },
    responses: { 200: json("All of them.", connectionListBody), ...refusals },
  }),
  createRoute({
    method: "get",
    path: "/v1/connections/{id}",
    operationId: "getConnection",
    summary: "One connection and how it is doing",
    security,
    request: { params, query: noQuery },
    responses: { 200: json("The connection.", connectionBody), 404: missing, ...refusals },
  }),
  createRoute({
    method: "get",
    path: "/v1/connections/{id}/token",
    operationId: "getToken",
    summary: "A token that works, or why there is none",
    description:
      "Keep the token for `max_cache_seconds`, then ask again with `If-None-Match`. A token that ends within days is " +
      "refreshed first; one that is known to be dead is never given out.",
    security,
    request: {
      params,
      query: tokenQuery,
      headers: z.object({
        "if-none-match": z.string().optional().openapi({ description: "The ETag of the answer you have." }),
      }),
    },
    responses: {
      200: {
        ...json("The token.", tokenBody),
        headers: z.object({
          etag: z.string(),
          "x-max-cache-seconds": z.string().openapi({ description: "As in the body; also on a 304." }),
        }),
      },
      304: { description: "The token you have is still the one; keep it for `X-Max-Cache-Seconds` more." },
      404: missing,
      409: json("The token is dead: why (`code`), since when (`at`), and `reconnect_url`.", problemBody),
      ...refusals,
      403: json(
        "As elsewhere, or `permission_missing`: `missing_scopes` says which, `reconnect_url` where to grant them.",
        problemBody,
      ),
    },
  }),
  createRoute({
    method: "post",
    path: "/v1/connections/{id}/refresh",
    operationId: "refreshConnection",
    summary: "Have the token refreshed now",
    security,
    request: {
      params,
      query: noQuery,
      body: { required: false, content: { "application/json": { schema: refreshRequest } } },
    },
    responses: {
      200: json("What came of it.", refreshBody),
      202: json("Another process is at it and has not finished yet.", refreshBody),
      404: missing,
      409: json("Only the person can help.", problemBody),
      ...refusals,
      502: json("Instagram did not answer as it should; the token you have still works.", problemBody),
    },
  }),
];

/** The OpenAPI 3.1 description of /v1, made of the schemas that the answers and requests have. */
export function describeApi(appUrl: string) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: `pnl_…`, made under Settings or with `perennial keys create`.",
  });
  for (const route of ROUTES) app.openAPIRegistry.registerPath(route);
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Perennial",
      version: "1",
      description: "Instagram tokens that work, for other code. Every answer has an X-Request-Id.",
    },
    servers: [{ url: appUrl }],
  });
}
