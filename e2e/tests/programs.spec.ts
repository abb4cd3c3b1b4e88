import type { Page } from "@playwright/test";

import type { House } from "../src/house.ts";
import { startReceiver, type ReceivedToken } from "../src/receiver.ts";
import { expect, signIn, test } from "../src/test.ts";

test("AK-03 a key is made, hands out a token over HTTP, and is refused once it is revoked", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Make a key" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.getByRole("textbox", { name: "Name" }).fill("website");
  await page.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByRole("heading", { name: "The key “website” is made" })).toBeFocused();
  const [secret, line] = await page.getByRole("region", { name: "API keys" }).locator("code").allInnerTexts();
  const address = new RegExp(`${house.appUrl}/v1/connections/con_[\\w-]{22}/token$`).exec(line ?? "")?.[0];
  const fetchToken = async () =>
    await fetch(address ?? "", { headers: { authorization: `Bearer ${secret ?? ""}` } });

  const answer = await fetchToken();
  expect(answer.status).toBe(200);
  expect(await works(house, ((await answer.json()) as { access_token: string }).access_token)).toBe(true);

  await page.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeFocused();
  expect(await page.content()).not.toContain(secret);
  await page.reload();
  const keys = page.getByRole("list", { name: "API keys" });
  await expect(keys.getByRole("listitem")).toContainText("last used");
  expect(await page.content()).not.toContain(secret);

  await page.getByRole("button", { name: "Revoke website" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("1 revoked key")).toBeVisible();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeFocused();
  expect((await fetchToken()).status).toBe(401);
});

test("a webhook gets each new token within a second of its renewal, and the page says so by itself", async ({
  page,
  house,
}) => {
  await using receiver = await startReceiver<ReceivedToken>();
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await addWebhook(page, receiver.url);
  await expect(page.getByText("Has the present token")).toBeVisible();
  await expect.poll(() => receiver.received.length).toBe(1);
  await page.getByText(/^Receipts/).click();
  const receipts = page.getByRole("list", { name: /^Receipts of/ }).getByRole("listitem");
  await expect(receipts).toHaveCount(1);
  await page.evaluate(() => Reflect.set(window, "wasNotReloaded", true));

  await page.getByRole("button", { name: "+31 days" }).click();

  await expect(receipts).toHaveCount(2);
  await expect(page.getByText("Has the present token")).toBeVisible();
  const [first, second] = receiver.received.map(({ data }) => data.access_token);
  expect(second).not.toBe(first);
  expect(await works(house, second ?? "")).toBe(true);
  expect(timeOf(house, "sink.delivered") - timeOf(house, "connection.refreshed")).toBeLessThan(1_000);
  expect(await page.evaluate(() => Reflect.get(window, "wasNotReloaded"))).toBe(true);

  await page.getByRole("button", { name: "Remove Webhook" }).click();
  await page.getByRole("button", { name: "Remove place" }).click();
  await expect(page.getByText("No place so far.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Who reads this token" })).toBeFocused();
});

async function addWebhook(page: Page, url: string): Promise<void> {
  await page.getByRole("button", { name: "Add a place" }).click();
  await expect(page.getByRole("radio", { name: "Webhook" })).toBeFocused();
  await page.getByRole("textbox", { name: "Address" }).fill(url);
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  await page.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByText(/^whsec_/)).toBeHidden();
}

/** Whether Instagram takes a token. */
async function works(house: House, token: string): Promise<boolean> {
  const origin = house.config.simulator?.origin ?? "";
  const url = new URL("/v25.0/me?fields=user_id", origin);
  url.searchParams.set("access_token", token);
  return (await fetch(url)).ok;
}

/** When an event was last told of, in milliseconds of people's clocks. */
function timeOf(house: House, event: string): number {
  const line = house.lines.findLast((candidate) => candidate.includes(`"${event}"`)) ?? "";
  const { at } = JSON.parse(line.slice(line.indexOf("{"))) as { at: string };
  return Date.parse(at);
}
