import { createHmac } from "node:crypto";
import { startSimulator, type AuthorizeInput, type Simulator, type SimulatorOptions } from "../index.ts";
import { readAnswer, START, tokenOf, type Answer } from "./test-app.ts";

export const FACEBOOK_REDIRECT_URI = "http://localhost:5173/auth/facebook/callback";
const SCOPE =
  "instagram_basic,pages_show_list,pages_read_engagement,instagram_content_publish,business_management";

type Fields = Record<string, string | undefined>;

/** An app that speaks to the simulator's Facebook over HTTP, as plainly as possible. */
export type FacebookApp = {
  sim: Simulator;
  dialogUrl(change?: Fields): string;
  get(path: string, query?: Fields, init?: RequestInit): Promise<Answer>;
  /** Answers the dialog without a browser and gives the address that the person is sent to. */
  answerDialog(user?: string, answer?: Partial<AuthorizeInput>, change?: Fields): Promise<URL>;
  /** The code a person's consent gives. */
  consent(user?: string, answer?: Partial<AuthorizeInput>, change?: Fields): Promise<string>;
  exchangeCode(code: string, change?: Fields, method?: "GET" | "POST"): Promise<Answer>;
  shortLived(user?: string, answer?: Partial<AuthorizeInput>): Promise<string>;
  exchange(token: string, change?: Fields): Promise<Answer>;
  longLived(user?: string, answer?: Partial<AuthorizeInput>): Promise<string>;
  /** The `data` that `/debug_token` gives for a token. */
  debug(token: string, change?: Fields): Promise<Record<string, unknown>>;
  /** `APPID|APPSECRET`. */
  appToken: string;
  proof(token: string): string;
};

/** Starts a simulator whose real time stands still, with an app registered at its Facebook. */
export async function startFacebookApp(
  options: SimulatorOptions = {},
): Promise<FacebookApp & AsyncDisposable> {
  const sim = await startSimulator({
    seed: 7,
    baseNow: () => START,
    controlSecret: "control-secret",
    ...options,
  });
  const { clientId, clientSecret } = sim.facebookApp;
  const appToken = `${clientId}|${clientSecret}`;

  const app: FacebookApp = {
    sim,
    appToken,
    dialogUrl: (change = {}) =>
      urlOf(sim, "/v25.0/dialog/oauth", {
        client_id: clientId,
        redirect_uri: FACEBOOK_REDIRECT_URI,
        response_type: "code",
        scope: SCOPE,
        state: "s1",
        ...change,
      }),
    get: async (path, query = {}, init = {}) =>
      readAnswer(await fetch(urlOf(sim, path, query), { redirect: "manual", ...init })),
    answerDialog: async (user = "maya.brandt", answer = {}, change = {}) =>
      new URL(await sim.authorize({ authorizationUrl: app.dialogUrl(change), user, ...answer })),
    consent: async (user, answer, change) =>
      (await app.answerDialog(user, answer, change)).searchParams.get("code") ?? "",
    async exchangeCode(code, change = {}, method = "GET") {
      const fields = {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uri: FACEBOOK_REDIRECT_URI,
        code,
        ...change,
      };
      const path = "/v25.0/oauth/access_token";
      if (method === "GET") return app.get(path, fields);
      return app.get(path, {}, { method, body: new URLSearchParams(given(fields)) });
    },
    shortLived: async (user, answer) => tokenOf(await app.exchangeCode(await app.consent(user, answer))),
    exchange: (token, change = {}) =>
      app.get("/v25.0/oauth/access_token", {
        grant_type: "fb_exchange_token",
        client_id: clientId,
        client_secret: clientSecret,
        fb_exchange_token: token,
        ...change,
      }),
    longLived: async (user, answer) => tokenOf(await app.exchange(await app.shortLived(user, answer))),
    async debug(token, change = {}) {
      const query = { input_token: token, access_token: appToken, ...change };
      const { json } = await app.get("/v25.0/debug_token", query);
      const { data } = json;
      if (typeof data !== "object" || data === null) {
        throw new TypeError(`No data in ${JSON.stringify(json)}.`);
      }
      return { ...data };
    },
    proof: (token) => createHmac("sha256", clientSecret).update(token).digest("hex"),
  };
  return Object.assign(app, { [Symbol.asyncDispose]: () => sim.close() });
}

/** The entries of a list, and the paging that came with them. */
export function listOf({ json }: Answer): {
  data: Record<string, unknown>[];
  paging: { next?: string; previous?: string };
} {
  const { data, paging } = json;
  if (!Array.isArray(data)) throw new TypeError(`No list in ${JSON.stringify(json)}.`);
  return { data, paging: typeof paging === "object" && paging !== null ? { ...paging } : {} };
}

/** What the lists name, in order. */
export function namesOf(answer: Answer): unknown[] {
  return listOf(answer).data.map((entry) => entry["name"]);
}

function urlOf(sim: Simulator, path: string, query: Fields): string {
  const url = new URL(path, sim.facebookOrigin);
  for (const [name, value] of Object.entries(given(query))) url.searchParams.set(name, value);
  return url.href;
}

function given(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}
