import type { Config } from "@perennial/runtime";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";

/** Headers of every answer: nothing inline, nothing framed, nothing referred, nothing sniffed. Made once. */
export async function securityHeaders(config: Config): Promise<[name: string, value: string][]> {
  const pictures =
    config.simulator === null
      ? ["'self'", "https:", "data:"]
      : ["'self'", "https:", "data:", config.simulator.origin, config.simulator.facebookOrigin];
  const policy = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: pictures,
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "no-referrer",
    strictTransportSecurity: isPublicHttps(config.appUrl) && "max-age=31536000; includeSubDomains",
    xFrameOptions: "DENY",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
  });
  const empty = new Hono().use(policy).get("/", (context) => context.body(null));
  return [...(await empty.request("/")).headers];
}

/** Other projects of a developer live on localhost too, without https: they must not be locked out. */
function isPublicHttps(appUrl: string): boolean {
  const { protocol, hostname } = new URL(appUrl);
  return protocol === "https:" && hostname !== "localhost";
}
