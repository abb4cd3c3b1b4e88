import type { TestWorld } from "@perennial/runtime/testing";

const SESSION_COOKIE = /(?:^|, )(perennial_session=[^;]{20,})/;
const ATTEMPT_COOKIE = /(?:^|, )(perennial_attempt_[^=]+=[^;]+)/;

/** Asks the api to change something, as a page of the web app does. */
export async function mutate(
  { config }: TestWorld,
  origin: string,
  { procedure, input, cookie }: { procedure: string; input?: object; cookie: string | null },
): Promise<Response> {
  return await fetch(`${origin}/trpc/${procedure}`, {
    method: "POST",
    ...(input !== undefined && { body: JSON.stringify(input) }),
    headers: {
      "content-type": "application/json",
      origin: config.appUrl,
      "sec-fetch-site": "same-origin",
      "x-perennial-client": "web",
      ...(cookie !== null && { cookie }),
    },
  });
}

/** One whole sign-in, as the pages of the web app make it; gives the cookie of the session, null when there is none. */
export async function signIn(world: TestWorld, origin: string, user = "acme.shop"): Promise<string | null> {
  const begun = await mutate(world, origin, { procedure: "auth.begin", input: {}, cookie: null });
  const [, cookie = null] = ATTEMPT_COOKIE.exec(begun.headers.get("set-cookie") ?? "") ?? [];
  const { result } = (await begun.json()) as { result: { data: { authorizationUrl: string } } };
  const { authorizationUrl } = result.data;
  const address = await world.sim.authorize({ authorizationUrl, user });
  const input = { flavour: "instagram", query: new URL(address).search };
  const completed = await mutate(world, origin, { procedure: "auth.complete", input, cookie });
  await completed.arrayBuffer();
  const [, session = null] = SESSION_COOKIE.exec(completed.headers.get("set-cookie") ?? "") ?? [];
  return completed.status === 200 ? session : null;
}
