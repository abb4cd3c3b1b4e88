import { startSimulator, type Simulator, type SimulatorOptions } from "../index.ts";

export const REDIRECT_URI = "http://localhost:5173/auth/instagram/callback";
export const START = Date.parse("2026-03-01T12:00:00Z");
const SCOPE = "instagram_business_basic,instagram_business_content_publish";

/** What came back, read without losing digits: `text` is the body as sent. */
export type Answer = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

/** An app that speaks to a simulator over HTTP, as plainly as possible. */
export type TestApp = {
  sim: Simulator;
  authorizationUrl(change?: Record<string, string | undefined>): string;
  get(path: string, query?: Record<string, string>, init?: RequestInit): Promise<Answer>;
  exchangeCode(code: string, change?: Record<string, string>): Promise<Answer>;
  /** The code a person's consent gives. */
  consent(user?: string, untick?: string[]): Promise<string>;
  shortLived(user?: string): Promise<string>;
  exchange(token: string): Promise<Answer>;
  refresh(token: string): Promise<Answer>;
  me(token: string, fields?: string): Promise<Answer>;
};

/** Starts a simulator whose real time stands still, with an app registered at it. */
export async function startTestApp(options: SimulatorOptions = {}): Promise<TestApp & AsyncDisposable> {
  const sim = await startSimulator({
    seed: 7,
    baseNow: () => START,
    controlSecret: "control-secret",
    ...options,
  });
  const { clientId, clientSecret } = sim.instagramApp;

  const app: TestApp = {
    sim,
    authorizationUrl(change = {}) {
      const url = new URL("/oauth/authorize", sim.origin);
      const given = {
        client_id: clientId,
        redirect_uri: REDIRECT_URI,
        response_type: "code",
        scope: SCOPE,
        state: "s1",
      };
      for (const [name, value] of Object.entries({ ...given, ...change })) {
        if (value !== undefined) url.searchParams.set(name, value);
      }
      return url.href;
    },
    async get(path, query = {}, init = {}) {
      const url = new URL(path, sim.origin);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return readAnswer(await fetch(url, { redirect: "manual", ...init }));
    },
    async exchangeCode(code, change = {}) {
      const body = new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: "authorization_code",
        redirect_uri: REDIRECT_URI,
        code,
        ...change,
      });
      return readAnswer(
        await fetch(`${sim.origin}/oauth/access_token`, { method: "POST", body, redirect: "manual" }),
      );
    },
    async consent(user = "acme.shop", untick = []) {
      const address = await sim.authorize({ authorizationUrl: app.authorizationUrl(), user, untick });
      return new URL(address).searchParams.get("code") ?? "";
    },
    async shortLived(user = "acme.shop") {
      return tokenOf(await app.exchangeCode(await app.consent(user)));
    },
    exchange: (token) =>
      app.get("/access_token", {
        grant_type: "ig_exchange_token",
        client_secret: clientSecret,
        access_token: token,
      }),
    refresh: (token) =>
      app.get("/refresh_access_token", { grant_type: "ig_refresh_token", access_token: token }),
    me: (token, fields = "id,user_id,username") => app.get("/me", { fields, access_token: token }),
  };
  return Object.assign(app, { [Symbol.asyncDispose]: () => sim.close() });
}

/** The token of an answer in whichever shape. */
export function tokenOf({ json }: Answer): string {
  const data = json["data"];
  const holder: unknown = Array.isArray(data) ? data[0] : json;
  const token: unknown = typeof holder === "object" && holder !== null && Reflect.get(holder, "access_token");
  if (typeof token !== "string") throw new TypeError(`No token in ${JSON.stringify(json)}.`);
  return token;
}

/** The Graph error of an answer; empty when there is none. */
export function errorOf({ json }: Answer): Record<string, unknown> {
  const error = json["error"];
  return typeof error === "object" && error !== null ? { ...error } : {};
}

/** Reads an answer whatever it is. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) json = { ...parsed };
  } catch {
    // pages and spoilt bodies: the test reads `text`
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Runs a call that has to fail on the wire and gives the error code underneath, like `ECONNRESET`. */
export async function wireError(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if ("code" in cause && typeof cause.code === "string") return cause.code;
      if (cause.name === "TimeoutError") return "TIMEOUT";
    }
    throw error;
  }
  throw new Error("The call did not fail.");
}

/** Sends a state-changing control request. */
export async function control(
  sim: Simulator,
  method: "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${sim.origin}${path}`, {
    method,
    headers: { "x-sim-secret": sim.controlSecret },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}
