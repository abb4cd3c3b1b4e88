import { serveStatic } from "@hono/node-server/serve-static";
import { readFileSync } from "node:fs";
import path from "node:path";

import type { Env, Hono } from "hono";

const PAGES = /^\/(?:$|connections(?:\/|$)|auth\/|(?:reconnect|settings|diagnostics|going-live)$)/;

/** Serves the built web app. Its pages are never stored; its files carry a hash and are stored for good. */
export function serveWeb<E extends Env>(app: Hono<E>, root: string): void {
  const index = readFileSync(path.join(root, "index.html"), "utf8");
  app.get("*", async (context, next) => {
    await next();
    const isHashed = context.req.path.startsWith("/assets/") && context.res.ok;
    context.res.headers.set("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-store");
  });
  app.get("*", serveStatic<E>({ root, precompressed: true, index: "none" }));
  app.get("*", async (context, next) => {
    const wantsPage = context.req.header("accept")?.includes("text/html") ?? false;
    return wantsPage ? context.html(index, PAGES.test(context.req.path) ? 200 : 404) : await next();
  });
}
