import type { Page } from "@playwright/test";

import { expectAccessible } from "../src/accessible.ts";
import { allow, connectTwo } from "../src/facebook.ts";
import { chooseAccount, expect, signIn, test } from "../src/test.ts";

const INVITATION = { name: "Reconnect your account", level: 1 };

/** Opens a reconnect link and follows it to Instagram and back, as somebody there. */
async function follow(page: Page, link: string, account: string): Promise<void> {
  await page.goto(link);
  await expect(page.getByRole("heading", INVITATION)).toBeVisible();
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await chooseAccount(page, account);
  await page.getByRole("button", { name: "Allow" }).click();
}

test("an app removed at Instagram is told with a link, which brings its account back in any browser and no other account", async ({
  page,
  browser,
  house,
  receiver,
}) => {
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await expect(page.getByText(/^No message so far/)).toBeVisible();
  await house.control("users/remove_app", { user: "acme.shop" });
  await page.getByRole("button", { name: "+31 days" }).click();
  const messages = page.getByRole("list", { name: "Messages" }).getByRole("listitem");
  await expect(messages).toHaveCount(1);
  await expect(messages).toContainText("Needs you");
  await expect(messages).toContainText("Sent", { timeout: 10_000 });
  await expectAccessible(page);

  const [alert] = receiver.received;
  expect(alert?.type).toBe("connection.reconnect_required");
  const link = alert?.data.reconnectUrl ?? "";
  expect(link).toMatch(/\/reconnect#[\w.-]{100,}$/);

  await using elsewhere = await browser.newContext({ reducedMotion: "reduce" });
  const stranger = await elsewhere.newPage();
  await follow(stranger, link, "lena.paints");
  await expect(stranger.getByRole("heading", { name: "Another account has to come back" })).toBeVisible();
  await expect(stranger.getByText(/you may open it again/)).toBeVisible();
  await expectAccessible(stranger);

  await follow(stranger, link, "acme.shop");
  const row = stranger.getByRole("listitem").filter({ has: stranger.getByRole("link") });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("@acme.shop");
  await expect(row).toContainText("Healthy");

  await expect(messages).toHaveCount(2); // nobody reloaded this one
  await expect(messages.first()).toContainText("Works again");
  await expect(page.getByText("Healthy").first()).toBeVisible();
});

test(
  "an app removed at Facebook is told with a link, which brings its account back with the right person and no other",
  { tag: "@once" },
  async ({ page, browser, house, receiver }) => {
    await connectTwo(page, house);
    await house.control("facebook/people/remove_app", { user: "maya.brandt" });
    await page.getByRole("button", { name: "+31 days" }).click();
    await expect(page.getByText("Needs you")).toHaveCount(2);
    await expect.poll(() => receiver.received.length).toBe(2);
    const link = receiver.received[0]?.data.reconnectUrl ?? "";

    await using elsewhere = await browser.newContext({ reducedMotion: "reduce" });
    const stranger = await elsewhere.newPage();
    const follow = async (person: string): Promise<void> => {
      await stranger.goto(link);
      await stranger.getByRole("button", { name: "Continue with Facebook" }).click();
      await allow(stranger, person);
    };
    await follow("Paul Moreau");
    await expect(stranger.getByRole("heading", { name: "Another account has to come back" })).toBeVisible();
    await expect(stranger.getByText(/the person whose Page carries the account/)).toBeVisible();
    await follow("Maya Brandt");
    await expect(stranger.getByText("Healthy")).toHaveCount(2); // one login, and both work again
    await expect(page.getByText("Healthy")).toHaveCount(2); // nobody reloaded this one
  },
);

test(
  "SC-02 a reconnect link leaves address and history at once, is kept nowhere, and calms whoever has none",
  { tag: "@once" },
  async ({ page, house }) => {
    const forged = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjb25fYSJ9.bm90LW91cnM";
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url().replace(/#.*$/, ""), request.postData() ?? ""));
    await page.goto(`${house.appUrl}/reconnect`);
    await expect(page.getByRole("heading", { name: "There is no reconnect link here" })).toBeVisible();

    await page.goto(`${house.appUrl}/reconnect#${forged}`); // loads nothing anew: only the fragment is another
    await expect(page.getByRole("heading", INVITATION)).toBeVisible();
    expect(page.url()).toBe(`${house.appUrl}/reconnect`);
    expect(sent.filter((text) => text.includes(forged))).toEqual([]);
    const kept = await page.evaluate(() => [
      { ...localStorage },
      { ...sessionStorage },
      JSON.stringify(history.state),
      document.documentElement.outerHTML,
    ]);
    expect(JSON.stringify(kept)).not.toContain(forged);

    const go = page.getByRole("button", { name: "Continue with Instagram" });
    await go.click();
    await expect(page.getByRole("heading", { name: /no longer good/ })).toBeVisible();
    await expect(go).toBeFocused();
    await go.click();
    await expect(page.getByRole("button", { name: "Allow" })).toBeVisible(); // without the link it goes on

    await page.goto(`${house.appUrl}/reconnect#${forged}`);
    await expect(page.getByRole("heading", INVITATION)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "There is no reconnect link here" })).toBeVisible();
  },
);
