import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { expectAccessibleInEveryLook } from "../src/accessible.ts";
import { expect, signIn, test } from "../src/test.ts";

test("SP-04 SP-05 SE-08 signing out reaches every tab and leaves nothing to go back to, and a session that is ended elsewhere asks once @once", async ({
  page,
  context,
  browser,
  house,
}) => {
  const wayIn = (tab: Page) => tab.getByRole("button", { name: "Continue with Instagram" });
  const account = (tab: Page) => tab.getByRole("link", { name: /@acme\.shop/ });
  await page.clock.install();
  await signIn(page, house);
  const [other, left] = [await context.newPage(), await context.newPage()];
  for (const tab of [other, left]) {
    await tab.goto(`${house.appUrl}/connections`);
    await tab.getByRole("link", { name: "Settings" }).click();
    await expect(account(tab)).toBeVisible();
  }
  await left.goto("about:blank");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(wayIn(other)).toBeVisible();
  for (const tab of [other, left]) {
    await tab.goBack();
    await expect(wayIn(tab)).toBeVisible();
    await expect(account(tab)).toHaveCount(0);
  }

  await signIn(page, house);
  await using elsewhere = await browser.newContext();
  const desk = await elsewhere.newPage();
  await signIn(desk, house);
  await desk.getByRole("link", { name: "Settings" }).click();
  await desk.getByRole("button", { name: /^End / }).click();
  await desk.getByRole("button", { name: "End session" }).click();
  await expect(desk.getByText("You are signed in nowhere else.")).toBeVisible();
  await expect(desk.getByRole("heading", { name: "Where you are signed in" })).toBeFocused();

  let calls = 0;
  page.on("request", (request) => {
    if (request.url().includes("/trpc/")) calls += 1;
  });
  await account(page).click();
  await expect(wayIn(page)).toBeVisible();
  await page.clock.runFor(60_000);
  expect(calls).toBeLessThan(10);
  await expect(wayIn(page)).toHaveCount(1);
});

test(
  "SP-02 a person takes everything along and is rid of it, after they typed whose it is, and the browser keeps nothing",
  { tag: "@once" },
  async ({ page, house }) => {
    await signIn(page, house);
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByRole("list", { name: "Sessions" })).toContainText("This browser");
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download my data" }).click();
    const text = readFileSync(await (await saving).path(), "utf8");
    expect(JSON.parse(text)).toMatchObject({ connections: [{ username: "acme.shop" }] });
    expect(text).not.toMatch(/SIMTOK_|sealed|secret|hash/i);
    const activity = page.getByRole("list", { name: "Recent activity" });
    await expect(activity).toContainText("Your data was downloaded");

    const kept = await page.evaluate(async () => [
      Object.keys(localStorage),
      Object.keys(sessionStorage),
      await indexedDB.databases(),
      await caches.keys(),
    ]);
    expect(kept).toEqual([[], [], [], []]);

    await page.getByRole("button", { name: "Erase everything…" }).click();
    const name = page.getByRole("textbox", { name: "Username of one of your accounts" });
    await expect(name).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByText("Type the username first.")).toBeVisible();
    await name.fill("somebody.else");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("Nothing was erased.");
    await expectAccessibleInEveryLook(page);
    await name.fill("@Acme.Shop");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Everything about you is erased." })).toBeFocused();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
    await expectAccessibleInEveryLook(page);
    await page.reload();
    await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
  },
);
