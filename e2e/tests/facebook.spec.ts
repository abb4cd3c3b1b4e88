import type { Page } from "@playwright/test";

import { allow, CHOICE, connectTwo, continueWithFacebook } from "../src/facebook.ts";
import { expect, signIn, test } from "../src/test.ts";

const DAY_MS = 86_400_000;

const rowOf = (page: Page, account: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name: new RegExp(`@${account}`) }) });

test("a person picks two of three accounts of their Pages, and both work", async ({ page, house }) => {
  await continueWithFacebook(page, house, "Maya Brandt");
  await expect(page.getByRole("heading", CHOICE)).toBeVisible();
  expect(page.url()).not.toMatch(/code=|state=/);
  await expect(page.getByRole("checkbox")).toHaveCount(3);
  const pages = page.getByRole("region", { name: "Pages without an account to connect" });
  await expect(pages).toContainText("Weekend Market");
  await page.reload(); // nothing is lost by it
  await page.getByRole("checkbox", { name: /@north\.roasters/ }).uncheck();
  await page.getByRole("button", { name: /^Connect 2/ }).click();
  await expect(rowOf(page, "acme.shop")).toContainText("Healthy");
  await expect(rowOf(page, "lena.paints")).toContainText("Healthy");
  await expect(page.getByRole("link", { name: /@north\.roasters/ })).toHaveCount(0);

  for (const account of ["acme.shop", "lena.paints"]) {
    await page.getByRole("link", { name: new RegExp(`@${account}`) }).click();
    await expect(
      page.getByRole("list", { name: "Recent posts" }).getByRole("listitem").first(),
    ).toBeVisible();
    const picture = page.getByRole("list", { name: "Recent posts" }).locator("img").first();
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await page.getByRole("button", { name: "Validate" }).click();
    await expect(page.getByText(`The same as ever: @${account}`)).toBeVisible();
    await page.getByRole("link", { name: "Connections" }).first().click();
  }
});

test("after sixty days Page tokens work, the end of access is told in time, and one click puts it off @once", async ({
  page,
  house,
}) => {
  await connectTwo(page, house);
  const month = page.getByRole("button", { name: "+31 days" });
  await month.click();
  await expect(month).toBeEnabled();
  await month.click();
  await expect(month).toBeEnabled();
  await expect(rowOf(page, "acme.shop")).toContainText("Healthy");
  await house.control("clock", { advance_ms: 15 * DAY_MS });
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await expect(page.getByRole("list", { name: "Recent posts" }).getByRole("listitem").first()).toBeVisible();
  const messages = page.getByRole("list", { name: "Messages" }).getByRole("listitem");
  await expect(messages.first()).toContainText(/days/, { timeout: 20_000 });
  await page.getByRole("button", { name: "Reconnect" }).first().click();
  await allow(page, "Maya Brandt");
  await expect(page.getByText("Healthy").first()).toBeVisible();
});

test("what was read grows old, and the same account by Instagram and then by Facebook is one connection with its history @once", async ({
  page,
  house,
}) => {
  await page.clock.install();
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await page.getByRole("button", { name: "Validate" }).click();
  await expect(page.getByText("The token works.")).toBeVisible();
  await expect(page.getByText(/^Read with this connection’s token just now/)).toBeVisible();
  await page.clock.fastForward("11:00"); // this device's clock; the server's stands
  await expect(page.getByText(/^Read with this connection’s token 11 minutes ago/)).toBeVisible();
  await page.getByRole("button", { name: "+1 hour" }).click();
  await expect(page.getByText("The token works.")).toBeHidden();

  await page.getByRole("button", { name: "Switch to Facebook Login" }).click();
  await allow(page, "Maya Brandt");
  await expect(page.getByRole("button", { name: "Switch to Instagram Login" })).toBeVisible();
  await expect(page.getByRole("list", { name: "History" }).getByRole("listitem")).toHaveCount(3);
  await page.getByRole("link", { name: "Connections" }).first().click();
  await expect(page.getByRole("link", { name: /@acme\.shop/ })).toHaveCount(1);
});
