import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import type { Page } from "@playwright/test";

import { leaksIn } from "../src/canary/canaries.ts";
import { asked, chooseAccount, expect, recordAddresses, test } from "../src/test.ts";
import type { House } from "../src/house.ts";
import { startReceiver, type ReceivedToken, type Receiver } from "../src/receiver.ts";

const COMMAND = path.resolve(import.meta.dirname, "../../apps/cli/src/main.ts");

/** What an answer gives away because it is its purpose: the state on its way to Instagram, and secrets that are shown once. */
const SHOWN: readonly (readonly [canary: string, address: string])[] = [
  ["state", "/trpc/auth.begin"],
  ["the API key", "/trpc/keys.create"],
  ["the webhook secret", "/trpc/sinks.save"],
];

const isShown = (name: string, where: string): boolean =>
  SHOWN.some(([canary, address]) => name.startsWith(canary) && where.endsWith(address));

function secretsOf(house: House): Map<string, string> {
  const file = JSON.parse(
    readFileSync(path.join(house.folder, "development-secrets.json"), "utf8"),
  ) as Record<string, string>;
  return new Map([
    ["the app secret", file["simulatorClientSecret"] ?? ""],
    ["the session secret", file["jwtSecret"] ?? ""],
    ["the cron secret", file["cronSecret"] ?? ""],
    ["the token key", (file["tokenKeys"] ?? "").split(":")[1] ?? ""],
  ]);
}

test("SC-02 TS-01 SP-01 SP-02 OA-14 no secret is where the flow does not put it, through a whole life at debug level", async ({
  page,
  context,
  house,
}) => {
  const toBrowser: [string, string][] = [];
  const referers: string[] = [];
  const addresses = recordAddresses(context);
  const barAddresses: string[] = [];
  const pending: Promise<unknown>[] = [];
  page.on("framenavigated", () => barAddresses.push(page.url()));
  context.on("request", (request) => {
    const referer = request.headers()["referer"];
    if (referer !== undefined && request.url().startsWith(house.appUrl)) referers.push(referer);
  });
  context.on("response", (response) => {
    if (
      !response.url().startsWith(house.appUrl) ||
      response.headers()["content-type"]?.startsWith("text/event-stream")
    )
      return;
    pending.push(
      response.text().then(
        (text) => toBrowser.push([response.url().split("?")[0] ?? "", text]),
        () => undefined,
      ),
    );
  });

  // The whole life: a failure that reflects the token, a sign-in, a refusal, a renewal, a death.
  await house.control("faults", { id: "echo", at: "me", do: "reflect", with: {}, times: 2 });
  for (const attempt of [1, 2]) {
    await page.goto(house.appUrl);
    await page.getByRole("button", { name: "Continue with Instagram" }).click();
    await chooseAccount(page, "acme.shop");
    await page.getByRole("button", { name: "Allow" }).click();
    if (attempt === 1)
      await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
  }
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  const callbackBar = barAddresses.filter((address) => address.includes("/auth/instagram/callback"));
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await expect(page.getByRole("list", { name: "History" })).toBeVisible();
  await house.control("faults", {
    id: "echo2",
    at: "refresh",
    do: "reflect",
    with: { code: 2, status: 500 },
    times: 1,
  });
  await page.getByRole("button", { name: "+31 days" }).click();
  await expect.poll(() => asked(house, "refresh")).toBeGreaterThanOrEqual(1);
  await page.getByRole("button", { name: "+1 day", exact: true }).click();
  await expect.poll(() => asked(house, "refresh")).toBeGreaterThanOrEqual(2);

  // What the flow itself handled, taken from where it may be: the addresses, and the cookies.
  const canaries = secretsOf(house);
  for (const address of addresses) {
    const { searchParams } = new URL(address);
    for (const name of ["code", "state"]) {
      const value = searchParams.get(name);
      if (value !== null && value.length > 20)
        canaries.set(`${name} ${canaries.size}`, name === "state" ? (value.split(".")[1] ?? "") : value);
    }
  }
  const cookies = await context.cookies(house.appUrl);
  for (const cookie of cookies)
    canaries.set(`cookie ${cookie.name.slice(0, 18)}`, cookie.value.split(".").at(-1) ?? "");
  await using receiver = await startReceiver<ReceivedToken>();
  const copy = await handOutAndBackUp(page, house, { receiver, canaries });
  expect(canaries.size).toBeGreaterThanOrEqual(11);
  await Promise.all(pending);

  const storage = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    visible: document.documentElement.outerHTML,
    cookies: document.cookie,
  }));
  expect([storage.local, storage.session, storage.databases, storage.caches, storage.cookies]).toEqual([
    {},
    {},
    [],
    [],
    "",
  ]);

  const dist = path.resolve(import.meta.dirname, "../../apps/web/dist");
  const built = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:js|css|html|map)$/.test(file))
    .map((file): [string, string] => [file, readFileSync(path.join(dist, file), "utf8")]);
  const database = await house.database.content();
  expect(database.some(([, text]) => text.includes("acme.shop"))).toBe(true);
  const logs: [string, string][] = [["the logs", house.lines.join("\n")]];
  expect(house.lines.filter((line) => line.includes("instagram.call")).length).toBeGreaterThanOrEqual(8);

  // Every token begins with SIMTOK_, so its prefix is a canary for all of them.
  const everywhere = [
    ...toBrowser,
    ["the backup", copy] satisfies [string, string],
    ...built,
    ...logs,
    ...database,
    ["the page", storage.visible] satisfies [string, string],
  ];
  const tokens = everywhere
    .filter(([, text]) => /SIMTOK_\w|U0lNVE9L|53494d544f4b5f/i.test(text))
    .map(([where]) => `a token in ${where}`);
  expect(tokens).toEqual([]);
  expect(leaksIn(everywhere, canaries, isShown)).toEqual([]);

  // OA-14: code and state leave the address bar at once, and are nobody's referer.
  expect(callbackBar.length).toBeGreaterThan(0);
  expect(page.url()).not.toMatch(/code=|state=/);
  expect(await page.evaluate(() => document.referrer)).toBe("");
  expect(referers.filter((referer) => /code=|state=/.test(referer))).toEqual([]);
});

/** Other code fetches the token with a key, a webhook is told of it, and everything is backed up: the copy, as text. */
async function handOutAndBackUp(
  page: Page,
  house: House,
  { receiver, canaries }: { receiver: Receiver<ReceivedToken>; canaries: Map<string, string> },
): Promise<string> {
  const ask = async <T>(procedure: string, input: object): Promise<T> =>
    await page.evaluate(
      async ([address, body]) => {
        const headers = { "content-type": "application/json", "x-perennial-client": "web" };
        const answer = await fetch(address, { method: "POST", headers, body });
        return ((await answer.json()) as { result: { data: T } }).result.data;
      },
      [`/trpc/${procedure}`, JSON.stringify(input)] as const,
    );
  const connectionId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const key = await ask<{ secret: string }>("keys.create", { name: "Uploader", actions: ["read", "token"] });
  const settings = { kind: "webhook", url: receiver.url };
  const sink = await ask<{ webhookSecret: string }>("sinks.save", { connectionId, name: "Site", settings });
  canaries.set("the API key", key.secret.replace(/^pnl_/, ""));
  canaries.set("the webhook secret", sink.webhookSecret.replace(/^whsec_/, ""));
  await expect.poll(() => receiver.received.length).toBeGreaterThanOrEqual(1);
  for (const secret of [key.secret, `${key.secret.slice(0, -6)}AAAAAA`]) {
    const headers = { authorization: `Bearer ${secret}` };
    const answer = await fetch(`${house.appUrl}/v1/connections/${connectionId}/token`, { headers });
    expect(answer.status).toBe(secret === key.secret ? 200 : 401);
    await answer.arrayBuffer();
  }
  const file = path.join(house.folder, "copy.backup");
  const cli = spawnSync(process.execPath, [COMMAND, "backup", file], {
    env: house.environment,
    encoding: "utf8",
  });
  expect(cli.status, cli.stderr).toBe(0);
  house.lines.push(cli.stdout, cli.stderr);
  return readFileSync(file, "latin1");
}

test("SC-06 every line that api and worker wrote is one line of JSON", async ({ page, house }) => {
  await house.control("faults", {
    id: "crlf",
    at: "me",
    do: "field",
    with: { fbtrace_id: "a\r\nb\u001B[31m", username: "x\r\ny" },
    times: 2,
  });
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/callback|connections/);
  const own = house.lines
    .filter((line) => /^(?:api|worker) /.test(line))
    .map((line) => line.replace(/^\w+ /, ""));
  expect(own.length).toBeGreaterThan(5);
  for (const line of own) expect(() => JSON.parse(line) as unknown, line.slice(0, 80)).not.toThrow();
});
