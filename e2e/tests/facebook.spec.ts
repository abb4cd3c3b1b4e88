import type { Page } from "@playwright/test";

import { expectAccessible } from "../src/accessible.ts";
import type { House } from "../src/house.ts";
import { addAccount, chooseAccount, expect, signIn, test } from "../src/test.ts";

const CHOICE = { name: "Which accounts do you want to connect?", level: 1 };

/** At Facebook's dialog: who to be, and yes. */
async function allow(page: Page, person: string): Promise<void> {
  await page.getByRole("radio", { name: person }).check();
  await page.getByRole("button", { name: "Allow" }).click();
}

async function continueWithFacebook(page: Page, house: House, person: string): Promise<void> {
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Facebook" }).click();
  await allow(page, person);
}

/** Maya connects two of the three accounts that her Pages carry. */
async function connectTwo(page: Page, house: House): Promise<void> {
  await continueWithFacebook(page, house, "Maya Brandt");
  await expect(page.getByRole("heading", CHOICE)).toBeVisible();
  await page.getByRole("checkbox", { name: /@north\.roasters/ }).uncheck();
  await page.getByRole("button", { name: /^Connect 2/ }).click();
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
}

const rowOf = (page: Page, account: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name: new RegExp(`@${account}`) }) });

test("a person picks two of three accounts of their Pages, and both work", async ({ page, house }) => {
  await continueWithFacebook(page, house, "Maya Brandt");
  await expect(page.getByRole("heading", CHOICE)).toBeVisible();
  expect(page.url()).not.toMatch(/code=|state=/);
  await expect(page.getByRole("checkbox")).toHaveCount(3);
  const pages = page.getByRole("list", { name: "Pages without an account to connect" });
  await expect(pages).toContainText("Weekend Market");
  await expectAccessible(page);
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
  const day = page.getByRole("button", { name: "+1 day" });
  await month.click();
  await expect(month).toBeEnabled();
  await month.click();
  await expect(month).toBeEnabled();
  await expect(rowOf(page, "acme.shop")).toContainText("Healthy");
  for (let days = 0; days < 15; days += 1) {
    await day.click();
    await expect(day).toBeEnabled();
  }
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await expect(page.getByRole("list", { name: "Recent posts" }).getByRole("listitem").first()).toBeVisible();
  const messages = page.getByRole("list", { name: "Messages" }).getByRole("listitem");
  await expect(messages.first()).toContainText(/days/, { timeout: 20_000 });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Reconnect" }).first().click();
  await allow(page, "Maya Brandt");
  await expect(page.getByText("Healthy").first()).toBeVisible();
});

test("the same account by Instagram and then by Facebook is one connection with its history @once", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await page.getByRole("button", { name: "Switch to Facebook Login" }).click();
  await allow(page, "Maya Brandt");
  await expect(page.getByRole("button", { name: "Switch to Instagram Login" })).toBeVisible();
  await expect(page.getByRole("list", { name: "History" }).getByRole("listitem")).toHaveCount(2);
  await page.getByRole("link", { name: "Connections" }).first().click();
  await expect(page.getByRole("link", { name: /@acme\.shop/ })).toHaveCount(1);
});

test("who has nothing to pick is told why, and what to do @once", async ({ page, house }) => {
  await continueWithFacebook(page, house, "Nadia Haddad");
  await expect(page.getByRole("list", { name: "What to do" }).getByRole("listitem").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again with Facebook" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Try again with Facebook" }).click();
  await allow(page, "Paul Moreau");
  const pages = page.getByRole("list", { name: "Pages without an account to connect" });
  await expect(pages.getByRole("listitem")).toHaveCount(2);
});

test("a pasted token is kept, and one that is none is refused with the reason @once", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  await page.getByRole("link", { name: "Settings" }).click();
  const field = page.getByRole("textbox", { name: "Token" });
  await field.fill("please connect my account");
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText(/no access token in what was pasted/i).first()).toBeVisible();
  await expectAccessible(page);

  const issued = await house.control<{ value: string }>("token", { user: "lena.paints" });
  await field.fill(`INSTAGRAM_TOKEN="${issued.value}"`);
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText(/@lena\.paints/).first()).toBeVisible();
  await expect(field).toHaveValue("");
  await page.goto(`${house.appUrl}/connections`);
  await expect(rowOf(page, "lena.paints")).toContainText("Healthy");
  await addAccount(page);
  await chooseAccount(page, "north.roasters");
  await page.getByRole("button", { name: "Allow" }).click();
  await expect(rowOf(page, "north.roasters")).toBeVisible();
});
