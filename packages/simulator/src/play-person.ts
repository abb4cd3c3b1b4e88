import type { FlavourName } from "./endpoint.ts";
import { LOGIN_CONFIGURATIONS } from "./facebook/login-configurations.ts";
import type { Host } from "./hosts.ts";
import { headerOf, type Reply } from "./http/reply.ts";
import type { AuthorizeInput } from "./simulator.ts";
import { SimulatorError } from "./simulator-error.ts";

/** Opens the consent page, answers it as told, and gives the address the browser would be sent to. */
export async function playPerson(hosts: Record<FlavourName, Host>, input: AuthorizeInput): Promise<string> {
  const url = URL.parse(input.authorizationUrl);
  if (url === null) throw new SimulatorError("invalid_input", "The authorization address is no URL.");
  const isFacebook = url.pathname.endsWith("/dialog/oauth");
  const { provider, world } = isFacebook ? hosts.fb : hosts.ig;
  const pages = isFacebook ? pagesOf(hosts.fb, input) : [];
  if (!isFacebook) world.people.get(input.user);
  const query = url.searchParams;
  expectStatus(await provider.call("GET", url.pathname, query, new URLSearchParams()), 200);

  const form = new URLSearchParams(query);
  form.set("user", input.user);
  form.set("decision", input.decision ?? "allow");
  for (const scope of scopesOf(query)) if (!input.untick?.includes(scope)) form.append("permission", scope);
  for (const page of pages) form.append("page", page);
  const decisionPath = isFacebook ? "/dialog/oauth/decision" : "/oauth/authorize/decision";
  const reply = await provider.call("POST", decisionPath, new URLSearchParams(), form);
  expectStatus(reply, 302);
  const location = headerOf(reply, "location");
  if (location === undefined) throw stopped("the answer leads nowhere");
  return location;
}

function pagesOf({ world }: Host, { user, pages }: AuthorizeInput): readonly string[] {
  const person = world.facebook.people.get(user);
  return pages ?? person.pages.map(({ id }) => id);
}

function scopesOf(query: URLSearchParams): readonly string[] {
  const configuration = LOGIN_CONFIGURATIONS.find(({ id }) => id === query.get("config_id"));
  return configuration?.scopes ?? (query.get("scope") ?? "").split(/[\s,]+/);
}

function expectStatus(reply: Reply, status: number): void {
  if (reply.status !== status) throw stopped(reply.refusal ?? `HTTP ${reply.status}`);
}

function stopped(why: string): SimulatorError {
  return new SimulatorError("authorization_stopped", `The person is left standing at the login: ${why}.`);
}
