import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

import { openStore } from "@perennial/db";

import { hex, pairOf, type Broken } from "./broken.ts";
import { beatWorker } from "./sound-installation.ts";

const instagramOnly = { FACEBOOK_CLIENT_ID: undefined, FACEBOOK_CLIENT_SECRET: undefined };
const facebookOnly = { INSTAGRAM_CLIENT_ID: undefined, INSTAGRAM_CLIENT_SECRET: undefined };

/** What Meta refuses, or has ended. */
export const OF_META: readonly Broken[] = [
  {
    what: "the pairs of the two logins in each other's place",
    change: ({ sim }) => ({
      ...pairOf("INSTAGRAM", sim.facebookApp),
      ...pairOf("FACEBOOK", sim.instagramApp),
    }),
    found: [
      [
        "instagram.instagram",
        "red",
        /INSTAGRAM_CLIENT_ID and INSTAGRAM_CLIENT_SECRET hold the pair of Facebook's/,
      ],
      [
        "instagram.facebook",
        "red",
        /FACEBOOK_CLIENT_ID and FACEBOOK_CLIENT_SECRET hold the pair of Instagram's/,
      ],
    ],
  },
  {
    what: "Facebook's pair for Instagram Login alone",
    change: ({ sim }) => ({ ...instagramOnly, ...pairOf("INSTAGRAM", sim.facebookApp) }),
    found: [["instagram.instagram", "red", /hold the pair of Facebook's app/]],
  },
  {
    what: "Instagram's pair for Facebook Login alone",
    change: ({ sim }) => ({ ...facebookOnly, ...pairOf("FACEBOOK", sim.instagramApp) }),
    found: [["instagram.facebook", "red", /hold the pair of Instagram's app/]],
  },
  {
    what: "the Meta app's id beside Instagram's secret",
    change: ({ sim }) => ({ ...instagramOnly, INSTAGRAM_CLIENT_ID: sim.facebookApp.clientId }),
    found: [["instagram.instagram", "red", /INSTAGRAM_CLIENT_ID is the Meta app's id/]],
  },
  {
    what: "secrets of other apps",
    change: { INSTAGRAM_CLIENT_SECRET: hex(), FACEBOOK_CLIENT_SECRET: hex() },
    found: [
      ["instagram.instagram", "red", /^Instagram refuses this app's id or secret\.$/],
      ["instagram.facebook", "red", /^Facebook refuses this app's id or secret\.$/],
    ],
  },
  {
    what: "a version of Meta's API that has ended",
    change: { GRAPH_VERSION: "v20.0" },
    found: [["instagram.version", "red", /v20\.0 has ended/]],
  },
  {
    what: "the login page that has ended",
    change: { INSTAGRAM_AUTHORIZE_ORIGIN: "https://api.instagram.com" },
    found: [["instagram.hosts", "red", /login page at https:\/\/api\.instagram\.com ended on 2026-08-22/]],
  },
];

/** What people and Meta are sent to. */
export const OF_THE_SITE: readonly Broken[] = [
  {
    what: "plain http with apps of Meta's",
    change: { APP_URL: "http://app.example.com" },
    found: [["redirects.https", "red", /no address of http:\/\/app\.example\.com can be registered/]],
  },
  {
    what: "plain http with Facebook Login on this machine",
    change: { ...facebookOnly, APP_URL: "http://localhost:5173" },
    found: [
      ["redirects.https", "amber", /only while the app is in development/],
      ["callbacks.reachable", "amber", /Meta cannot reach http:\/\/localhost:5173/],
    ],
  },
  {
    what: "another site at the address",
    site: { "GET /healthz": { status: 200, type: "text/html", body: "<h1>Welcome to nginx!</h1>" } },
    found: [["callbacks.reachable", "red", /is answered by something else \(200\)/]],
  },
  {
    what: "a proxy that passes some addresses only",
    site: {
      "POST /meta/deauthorize": { status: 404, body: '{"error":{"code":"not_found"}}' },
      "GET /auth/facebook/callback": { status: 404, type: "text/html", body: "" },
    },
    found: [
      ["callbacks.deauthorize", "red", /deauthorize does not answer as it should \(404\)/],
      ["callbacks.facebook", "red", /is no page \(404\)/],
    ],
  },
  {
    what: "a callback that takes what nobody signed",
    site: { "POST /meta/data-deletion": { status: 200, body: '{"url":"x","confirmation_code":"y"}' } },
    found: [["callbacks.data_deletion", "red", /takes requests that nobody has signed \(200\)/]],
  },
];

/** The database, and who sweeps it. */
export const OF_THE_DATABASE: readonly Broken[] = [
  {
    what: "no database at the address",
    change: ({ folder }) => {
      const file = path.join(folder, "no.db");
      writeFileSync(file, "This is no database. ".repeat(1000));
      return { DATABASE_URL: `file:${file}` };
    },
    found: [["database.opens", "red", /./]],
  },
  {
    what: "a database that forgets",
    change: { DATABASE_URL: "file::memory:" },
    found: [["database.durable", "red", /may be lost with the power: journal_mode is memory/]],
  },
  {
    what: "a database file that everybody reads",
    change: async ({ folder }) => {
      const file = path.join(folder, "open.db");
      await (await openStore(`file:${file}`))[Symbol.asyncDispose]();
      chmodSync(file, 0o644);
      return { DATABASE_URL: `file:${file}` };
    },
    found: [["database.private", "amber", /Others on this machine can read/]],
  },
  {
    what: "other keys than those of the database",
    change: async ({ folder }) => {
      const address = `file:${path.join(folder, "other-keys.db")}`;
      await using store = await openStore(address);
      await store.addKeyCheck({ keyId: "old", sealed: "v1.old.check" });
      return { DATABASE_URL: address };
    },
    found: [["keys.problem_1", "red", /TOKEN_KEYS lacks key "old"/]],
  },
  {
    what: "a worker that does not sweep",
    change: async ({ store }) => {
      await store.removeProcess("prc_worker");
      await beatWorker(store, 3_600_000 * 10);
      return {};
    },
    found: [["workers.swept", "red", /never since it was started/]],
  },
  {
    what: "no worker",
    change: async ({ store }) => {
      await store.removeProcess("prc_worker");
      return {};
    },
    found: [["workers.running", "amber", /No worker runs: nothing is renewed by itself/]],
  },
];
