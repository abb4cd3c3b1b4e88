import type { Page, Route } from "@playwright/test";

import { expectAccessibleInEveryLook } from "../src/accessible.ts";
import { addAccount, asked, chooseAccount, expect, signIn, test } from "../src/test.ts";

const DAY_MS = 86_400_000;

test(
  "what passes, what the person ends and what the operator mends look different, and each says why and what helps",
  { tag: "@once" },
  async ({ page, house }) => {
    const check = (): Promise<void> => expectAccessibleInEveryLook(page);
    await signIn(page, house, "acme.shop");
    for (const account of ["lena.paints", "north.roasters"]) {
      await addAccount(page);
      await chooseAccount(page, account);
      await page.getByRole("button", { name: "Allow" }).click();
      await expect(page.getByRole("link", { name: `@${account}` })).toBeVisible();
    }
    const refused = { do: "graph_error", with: { reason: "invalid_client_secret" } };
    await house.control("faults", {
      id: "passing",
      at: "refresh",
      match: { user: "acme.shop" },
      do: "status",
      with: { status: 503 },
    });
    await house.control("faults", {
      id: "ours",
      at: "refresh",
      match: { user: "lena.paints" },
      ...refused,
    });
    await house.control("faults", { id: "secret", at: "exchange", ...refused }); // what the doctor asks with
    await house.control("users/remove_app", { user: "north.roasters" });
    await house.control("clock", { advance_ms: 31 * DAY_MS });

    await expect(page.getByText("Needs you", { exact: true })).toBeVisible();
    await expect(page.getByText("Needs the operator")).toBeVisible();
    await expect(page.getByText("Renewal failing")).toBeVisible();
    const rows = page.getByRole("list", { name: "Accounts" }).getByRole("listitem");
    const signs = await rows.evaluateAll((items) =>
      items.map((item) => item.querySelector("span > svg.lucide")?.getAttribute("class") ?? ""),
    );
    expect(new Set(signs).size).toBe(3);

    const causes = page.getByRole("list", { name: /^Where it comes from/ }).getByRole("listitem");
    await rows.getByRole("link", { name: "@north.roasters" }).click();
    await expect(page.getByText("You can end it", { exact: true })).toBeVisible();
    await expect(causes.first()).toHaveText(/app was removed/);
    await page.getByRole("link", { name: "All connections" }).click();
    await rows.getByRole("link", { name: "@acme.shop" }).click();
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

/** Lets a minute pass in the page, and tells what it asks for meanwhile. */
async function askedInAMinute(page: Page): Promise<string[]> {
  const calls: string[] = [];
  const note = (request: { url(): string }): void => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/trpc/")) calls.push(pathname);
  };
  page.on("request", note);
  for (let second = 0; second < 60; second += 3) await page.clock.runFor(3_000);
  page.off("request", note);
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
