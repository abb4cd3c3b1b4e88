import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { openStore, type Store } from "@perennial/db";
import {
  FACTS_CHECKED_AT,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "@perennial/instagram";
import { startSimulator, type Simulator } from "@perennial/simulator";

import type { Environment } from "../../environment.ts";
import { soundProductionEnvironment } from "../../testing/environments.ts";
import type { Check } from "../check.ts";
import { diagnose } from "../diagnose.ts";

/** How a site answers, by method and path. */
export type SiteAnswers = Readonly<Record<string, { status: number; type?: string; body: string }>>;

const page = { status: 200, type: "text/html; charset=utf-8", body: "<!doctype html>" };
const refusal = { status: 400, body: '{"error":{"code":"signed_request_invalid"}}' };
const SOUND_SITE: SiteAnswers = {
  "GET /healthz": { status: 200, body: '{"status":"ok"}' },
  "GET /auth/instagram/callback": page,
  "GET /auth/facebook/callback": page,
  "POST /meta/deauthorize": refusal,
  "POST /meta/data-deletion": refusal,
};

/** A site that answers as it should, but for what is said. */
export function siteTransport(answers: SiteAnswers = {}): Transport {
  return ({ method, url }: TransportRequest): Promise<TransportResponse> => {
    const { pathname } = new URL(url);
    const found = answers[`${method} ${pathname}`] ?? SOUND_SITE[`${method} ${pathname}`];
    const { status, body, type = "application/json" } = found ?? { status: 404, body: "" };
    return Promise.resolve({ status, body, headers: { "content-type": type } });
  };
}

/** An installation with nothing wrong in it: two apps that the simulator knows, a database in use, a worker. */
export type SoundInstallation = AsyncDisposable & {
  sim: Simulator;
  store: Store;
  /** Under no version control. */
  folder: string;
  environment: Record<string, string>;
  /** What the doctor finds once this is changed. */
  look(change?: Environment, options?: { site?: SiteAnswers; folder?: string }): Promise<Check[]>;
};

/** Sets one up. It talks to the simulator as to Meta itself: nothing is pretended but the hosts. */
export async function setUpSoundInstallation(): Promise<SoundInstallation> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-doctor-"));
  const secret = (): string => randomBytes(16).toString("hex");
  const sim = await startSimulator({
    app: { clientId: "990000000000001", clientSecret: secret() },
    facebookApp: { clientId: "770000000000001", clientSecret: secret() },
  });
  const environment: Record<string, string> = {
    ...soundProductionEnvironment(),
    NODE_ENV: "development",
    DATABASE_URL: `file:${path.join(folder, "perennial.db")}`,
    INSTAGRAM_CLIENT_ID: sim.instagramApp.clientId,
    INSTAGRAM_CLIENT_SECRET: sim.instagramApp.clientSecret,
    FACEBOOK_CLIENT_ID: sim.facebookApp.clientId,
    FACEBOOK_CLIENT_SECRET: sim.facebookApp.clientSecret,
    INSTAGRAM_AUTHORIZE_ORIGIN: sim.origin,
    INSTAGRAM_API_ORIGIN: sim.origin,
    INSTAGRAM_GRAPH_ORIGIN: sim.origin,
    FACEBOOK_DIALOG_ORIGIN: sim.facebookOrigin,
    FACEBOOK_GRAPH_ORIGIN: sim.facebookOrigin,
  };
  const store = await openStore(environment["DATABASE_URL"] ?? "");
  return {
    sim,
    store,
    folder,
    environment,
    look: async (change = {}, options = {}) => {
      const { checks } = await diagnose(
        { ...environment, ...change },
        {
          folder: options.folder ?? folder,
          siteTransport: siteTransport(options.site),
          factsAt: FACTS_CHECKED_AT,
        },
      );
      return checks;
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await sim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a worker known that swept a moment ago, or never since it was started so long ago. */
export async function beatWorker(store: Store, neverSweptForMs: number | null = null): Promise<void> {
  const now = new Date();
  await store.beatProcess({
    id: "prc_worker",
    kind: "worker",
    startedAt: new Date(now.getTime() - (neverSweptForMs ?? 0)),
    sweptAt: neverSweptForMs === null ? now : null,
    keyIds: ["k1"],
  });
}
