import { Hono, type Context } from "hono";
import type { ContentfulStatusCode, StatusCode } from "hono/utils/http-status";

import { addressOf, type ClientAddress } from "../client-address.ts";
import type { Answer } from "../node-answer.ts";
import { refusal } from "./answer.ts";
import { describeApi } from "./openapi.ts";
import { renderApiPage, STYLE } from "./page.ts";
import type { ApiRequest, Service } from "./service.ts";

/** Mounts /v1 with its description and the page to read it. */
export function createV1Routes(options: {
  service: Service;
  clientAddress: ClientAddress;
  appUrl: string;
}): Hono<{ Variables: { requestId: string } }> {
  const { service, clientAddress, appUrl } = options;
  const description = describeApi(appUrl);
  const page = renderApiPage(description);
  const of = (context: Context): ApiRequest => ({
    requestId: String(context.get("requestId")),
    query: queryOf(context.req.url),
    authorization: context.req.header("authorization"),
    ifNoneMatch: context.req.header("if-none-match"),
    address: addressOf(context, clientAddress),
  });

  return new Hono<{ Variables: { requestId: string } }>()
    .get("/openapi.json", (context) => context.json(description))
    .get("/v1/docs", (context) => context.html(page))
    .get("/v1/docs.css", (context) => context.body(STYLE, 200, { "content-type": "text/css; charset=utf-8" }))
    .get("/v1/connections", async (context) => send(context, await service.list(of(context))))
    .get("/v1/connections/:id", async (context) =>
      send(context, await service.get(of(context), context.req.param("id"))),
    )
    .get("/v1/connections/:id/token", async (context) =>
      send(context, await service.token(of(context), context.req.param("id"))),
    )
    .post("/v1/connections/:id/refresh", async (context) =>
      send(context, await service.refresh(of(context), context.req.param("id"), await context.req.text())),
    )
    .all("/v1/connections/:rest{.*}?", (context) =>
      send(context, refusal("method_not_allowed", context.get("requestId"))),
    );
}

function queryOf(url: string): string {
  const start = url.indexOf("?");
  return start === -1 ? "" : url.slice(start + 1);
}

function send(context: Context, { status, headers, body }: Answer): Response {
  for (const [name, value] of headers) context.header(name, value);
  return body === null
    ? context.body(null, status as StatusCode)
    : context.body(body, status as ContentfulStatusCode);
}
