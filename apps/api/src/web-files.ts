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
    const accepted = context.req.header("accept") ?? "*/*";
    if (PAGES.test(context.req.path) && /text\/html|\*\/\*/.test(accepted)) return context.html(index);
    // Somebody who looks at a page is told on one that there is nothing; a program is told in its own words.
    return accepted.includes("text/html") ? context.html(index, 404) : await next();
  });
}
