import type { Page, Request, Route } from "@playwright/test";

import { expectAccessibleInEveryLook } from "../src/accessible.ts";
import type { House } from "../src/house.ts";
import { asked, expect, signIn, test } from "../src/test.ts";

/** Connects an account by its token, which is quicker than signing in. */
async function bring(page: Page, house: House, user: string): Promise<void> {
  const { value } = await house.control<{ value: string }>("token", { user });
  const status = await page.evaluate(async (text) => {
    const headers = { "content-type": "application/json", "x-perennial-client": "web" };
    const body = JSON.stringify({ text });
    return (await fetch("/trpc/connections.importToken", { method: "POST", headers, body })).status;
  }, value);
  expect(status).toBe(200);
}

test(
  "what passes, what the person ends and what the operator mends look different, and each says why and what helps",
  { tag: "@once" },
  async ({ page, house }) => {
    const check = (): Promise<void> => expectAccessibleInEveryLook(page);
    await signIn(page, house, "acme.shop");
    for (const user of ["lena.paints", "north.roasters", "daily.bread"]) await bring(page, house, user);
    const refused = { do: "graph_error", with: { reason: "invalid_client_secret" } };
    const away = { do: "status", with: { status: 503 } };
    await house.control("faults", { id: "away", at: "refresh", match: { user: "daily.bread" }, ...away });
    await house.control("faults", { id: "ours", at: "refresh", match: { user: "lena.paints" }, ...refused });
    await house.control("faults", { id: "secret", at: "exchange", ...refused }); // what the doctor asks with
    await house.control("users/remove_app", { user: "north.roasters" });
    await house.control("clock", { advance_ms: 25 * 3_600_000 }); // nobody knows how long such tokens last

    await expect(page.getByText("Needs you", { exact: true })).toBeVisible();
    await expect(page.getByText("Needs the operator")).toBeVisible();
    await expect(page.getByText("Renewal failing")).toBeVisible();
    const rows = page.getByRole("list", { name: "Accounts" }).getByRole("listitem");
    const signs = await rows.evaluateAll((items) =>
      items.map((item) => item.querySelector("span > svg.lucide")?.getAttribute("class") ?? ""),
    );
    expect(new Set(signs).size).toBe(4); // and one is healthy

    const causes = page.getByRole("list", { name: /^Where it comes from/ }).getByRole("listitem");
    await rows.getByRole("link", { name: "@north.roasters" }).click();
    await expect(page.getByText("You can end it", { exact: true })).toBeVisible();
    await expect(causes.first()).toHaveText(/app was removed/);
    await page.getByRole("link", { name: "All connections" }).click();
    await rows.getByRole("link", { name: "@daily.bread" }).click();
    await expect(page.getByText("Passes by itself", { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "All connections" }).click();
    await rows.getByRole("link", { name: "@lena.paints" }).click();
    await expect(causes.first()).toHaveText(/refuses the pair|secret/);
    await check();

    await page.getByRole("link", { name: "Diagnostics" }).click();
    await expect(page.getByText(/^1 thing does not work/)).toBeVisible();
    await expect(page.getByText("Instagram refuses this app's id or secret.")).toBeVisible();
    await check();
    const before = await asked(house, "exchange");
    await house.endFault("secret");
    await page.getByRole("button", { name: "Look again" }).click();
    await expect(page.getByText(/looks anew after half a minute/)).toBeVisible();
    expect(await asked(house, "exchange")).toBe(before);

    await page.getByRole("link", { name: "The set-up guide" }).click();
    const redirect = page.getByRole("checkbox", { name: /^Register the redirect address/ });
    await redirect.check();
    await check();
    await page.reload();
    await expect(redirect).toBeChecked();
    await page.getByRole("radio", { name: "Facebook Login" }).check();
    await expect(redirect).not.toBeChecked(); // another list, another address
    await page.getByRole("button", { name: "Forget the ticks" }).click();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  },
);

test(
  "a token that is refused says why, what helps, and what was asked, without a word of it",
  { tag: "@once" },
  async ({ page, house }) => {
    await signIn(page, house);
    const { value } = await house.control<{ value: string }>("token", { user: "lena.paints" });
    await house.control("users/remove_app", { user: "lena.paints" });
    await page.getByRole("link", { name: "Settings" }).click();
    const field = page.getByRole("textbox", { name: "Token" });
    await field.fill(value);
    await page.getByRole("button", { name: "Import" }).click();
    await expect(page.getByText("Nothing was changed.")).toBeVisible();
    await page.getByText("Why, what helps, and what we did").click();
    await expect(page.getByRole("list", { name: /^Where it comes from/ })).toContainText(/app was removed/);
    await expect(page.getByRole("list", { name: "Calls" })).toContainText("refused");
    await field.fill("");
    expect(await page.content()).not.toContain(value.slice(0, 20));
    await expectAccessibleInEveryLook(page);
  },
);

/** An answer of the api to every call of a batch, as the api gives it. */
function refusal(
  route: Route,
  status: number,
  message: string,
  headers: Record<string, string>,
): Promise<void> {
  const count = new URL(route.request().url()).pathname.split(",").length;
  const data = { reason: "unavailable", httpStatus: status, cure: "Try again in a moment.", endedBy: "time" };
  const error = { error: { message, code: -32_000, data } };
  const body = JSON.stringify(Array.from({ length: count }, () => error));
  return route.fulfill({ status, headers: { "content-type": "application/json", ...headers }, body });
}

/** Lets a minute pass in the page, answers included, and tells what it asks for meanwhile. */
async function askedInAMinute(page: Page): Promise<string[]> {
  const calls: string[] = [];
  const waiting = new Set<Request>();
  const begin = (request: Request): void => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith("/trpc/")) return;
    calls.push(pathname);
    if (!pathname.includes("watch")) waiting.add(request); // a stream does not end
  };
  const end = (request: Request): void => void waiting.delete(request);
  page.on("request", begin).on("requestfinished", end).on("requestfailed", end);
  for (let second = 0; second < 60; second += 2) {
    await page.clock.runFor(2_000);
    await expect.poll(() => waiting.size, { intervals: [5] }).toBe(0);
  }
  page.off("request", begin).off("requestfinished", end).off("requestfailed", end);
  return calls;
}

test(
  "SP-06 offline, 503 and 429 are told apart and retried with back-off",
  { tag: "@once" },
  async ({ page, context, house }) => {
    await page.clock.install();
    await signIn(page, house);
    await expect(page.getByRole("link", { name: "@acme.shop" })).toBeVisible();

    await context.setOffline(true);
    await expect(page.getByText(/This device is offline/).first()).toBeVisible();
    expect((await askedInAMinute(page)).length).toBeLessThan(5);
    await context.setOffline(false);
    await expect(page.getByText(/This device is offline/)).toHaveCount(0);

    for (const [status, message, headers] of [
      [503, "Perennial cannot reach its database right now.", {}],
      [429, "Too many requests.", { "retry-after": "20" }],
    ] as const) {
      await page.route(/\/trpc\/(?!auth\.session\?)/, (route) => refusal(route, status, message, headers));
      await page.reload();
      await expect(page.getByRole("heading", { name: "Connections" })).toBeVisible();
      const calls = await askedInAMinute(page);
      await expect(page.getByText(message)).toBeVisible();
      const ofList = calls.filter((path) => path.includes("connections.list"));
      expect(ofList.length).toBeGreaterThan(1);
      expect(ofList.length).toBeLessThan(6);
      expect(calls.length).toBeLessThan(20); // the stream of changes is opened anew, too
      await page.unrouteAll();
    }
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("link", { name: "@acme.shop" })).toBeVisible();
  },
);
