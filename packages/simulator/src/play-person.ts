import type { Provider } from "./http/provider.ts";
import { headerOf, type Reply } from "./http/reply.ts";
import type { AuthorizeInput } from "./simulator.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { World } from "./world.ts";

/** Opens the consent page, answers it as told, and gives the address the browser would be sent to. */
export async function playPerson(provider: Provider, world: World, input: AuthorizeInput): Promise<string> {
  world.people.get(input.user);
  const url = URL.parse(input.authorizationUrl);
  if (url === null) throw new SimulatorError("invalid_input", "The authorization address is no URL.");
  const query = url.searchParams;
  expectStatus(await provider.call("GET", url.pathname, query, new URLSearchParams()), 200);

  const form = new URLSearchParams(query);
  form.set("user", input.user);
  form.set("decision", input.decision ?? "allow");
  for (const scope of (query.get("scope") ?? "").split(/[\s,]+/)) {
    if (!input.untick?.includes(scope)) form.append("permission", scope);
  }
  const reply = await provider.call("POST", "/oauth/authorize/decision", new URLSearchParams(), form);
  expectStatus(reply, 302);
  const location = headerOf(reply, "location");
  if (location === undefined) throw stopped("the answer leads nowhere");
  return location;
}

function expectStatus(reply: Reply, status: number): void {
  if (reply.status !== status) throw stopped(reply.refusal ?? `HTTP ${reply.status}`);
}

function stopped(why: string): SimulatorError {
  return new SimulatorError("authorization_stopped", `The person is left standing at Instagram: ${why}.`);
}
