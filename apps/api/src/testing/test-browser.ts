import type { TestWorld } from "@perennial/runtime/testing";

/** Anything that answers requests: the app in process, or a server over the network. */
export type Answerer = (request: Request) => Response | Promise<Response>;

/** Leads requests to a server on this machine, with headers that a proxy adds on the way. */
export function overNetwork(portOf: () => number, added: Record<string, string> = {}): Answerer {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    return await fetch(`http://127.0.0.1:${portOf()}${pathname}${search}`, {
      method: request.method,
      headers: { ...Object.fromEntries(request.headers), ...added },
      body: request.method === "POST" ? await request.text() : null,
    });
  };
}

/** A browser with one cookie jar, on our own pages. */
export class TestBrowser {
  readonly #answer: Answerer;
  readonly #appUrl: string;
  readonly cookies = new Map<string, string>();
  /** Every Set-Cookie header received. */
  readonly setCookies: string[] = [];

  constructor(answer: Answerer, appUrl: string) {
    this.#answer = answer;
    this.#appUrl = appUrl;
  }

  /** A request as our pages make it; headers given here win, `undefined` removes one. */
  async request(
    path: string,
    init: {
      method?: string;
      body?: string | Uint8Array<ArrayBuffer>;
      headers?: Record<string, string | undefined>;
    } = {},
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers: Record<string, string | undefined> = {
      "content-type": init.body === undefined ? undefined : "application/json",
      "sec-fetch-site": "same-origin",
      origin: this.#appUrl,
      "x-perennial-client": "web",
      cookie: cookie === "" ? undefined : cookie,
      ...init.headers,
    };
    const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const request = new Request(`${this.#appUrl}${path}`, {
      method: init.method ?? (init.body === undefined ? "GET" : "POST"),
      headers: Object.fromEntries(sent),
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    const response = await this.#answer(request);
    for (const header of response.headers.getSetCookie()) this.#keep(header);
    return response;
  }

  query(procedure: string, input?: unknown): Promise<Response> {
    const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return this.request(`/trpc/${procedure}${query}`);
  }

  mutate(procedure: string, input: unknown = {}): Promise<Response> {
    return this.request(`/trpc/${procedure}`, { body: JSON.stringify(input) });
  }

  /** Starts a sign-in, lets the person allow it, and gives the redirect address. */
  async authorize(world: TestWorld, user: string, decision: "allow" | "refuse" = "allow"): Promise<URL> {
    const { authorizationUrl } = await resultOf<{ authorizationUrl: string }>(
      await this.mutate("auth.begin"),
    );
    return new URL(await world.sim.authorize({ authorizationUrl, user, decision }));
  }

  /** Signs a person in. */
  async signIn(world: TestWorld, user: string): Promise<{ connectionId: string }> {
    const { search } = await this.authorize(world, user);
    return await resultOf(await this.mutate("auth.complete", { flavour: "instagram", query: search }));
  }

  #keep(header: string): void {
    this.setCookies.push(header);
    const [pair = "", ...attributes] = header.split("; ");
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The data of a tRPC answer. @throws when it is an error */
export async function resultOf<T>(response: Response): Promise<T> {
  const body = (await response.json()) as { result?: { data: T }; error?: { message: string } };
  if (body.result === undefined)
    throw new Error(`The call failed with ${response.status}: ${body.error?.message ?? "?"}`);
  return body.result.data;
}

/** The error of a tRPC answer. */
export async function errorOf(
  response: Response,
): Promise<{ message: string; data: { reason: string; httpStatus: number } }> {
  const body = (await response.json()) as {
    error?: { message: string; data: { reason: string; httpStatus: number } };
  };
  if (body.error === undefined) throw new Error("The call was answered, though an error was expected.");
  return body.error;
}
