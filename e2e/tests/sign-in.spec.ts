import { addAccount, asked, chooseAccount, expect, signIn, test } from "../src/test.ts";

test("a person signs in, a month passes, and the worker has renewed the token without a reload", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  const row = page.getByRole("listitem").filter({ hasText: "@acme.shop" });
  await expect(row).toContainText(/healthy/i);
  await row.getByRole("link", { name: /@acme\.shop/ }).click();
  await expect(page.getByRole("heading", { name: "@acme.shop", level: 1 })).toBeVisible();
  const history = page.getByRole("list", { name: "History" });
  await expect(history.getByRole("listitem")).toHaveCount(1);
  const expiry = page
    .getByRole("definition")
    .filter({ has: page.locator("time") })
    .first()
    .locator("time");
  const before = await expiry.getAttribute("datetime");
  await page.evaluate(() => Reflect.set(window, "wasNotReloaded", true));

  await page.getByRole("button", { name: "+31 days" }).click();

  await expect(history.getByRole("listitem")).toHaveCount(2);
  await expect(expiry).not.toHaveAttribute("datetime", before ?? "");
  const after = await expiry.getAttribute("datetime");
  expect(Date.parse(after ?? "") - Date.parse(before ?? "")).toBeGreaterThan(29 * 86_400_000);
  expect(await page.evaluate(() => Reflect.get(window, "wasNotReloaded"))).toBe(true);
  expect(await asked(house, "refresh")).toBe(1);
});

test("signing out and in again leads to the same user and the same connection", async ({ page, house }) => {
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await page.waitForURL(/\/connections\/con_/);
  const address = page.url();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
  await signIn(page, house);
  await expect(page.getByRole("listitem").filter({ hasText: "@acme.shop" })).toHaveCount(1);
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "@acme.shop", level: 1 })).toBeVisible();
});

test("OA-12 refusing on the consent page leads to a calm page with the way back @once", async ({
  page,
  house,
}) => {
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/chose not to connect/i);
  expect(await asked(house, "code")).toBe(0);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await expect(page.getByRole("button", { name: "Allow" })).toBeVisible();
});

test("OA-18 two tabs sign in at once, and both succeed", async ({ page, context, house }) => {
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(house.appUrl);
    await tab.getByRole("button", { name: "Continue with Instagram" }).click();
    await chooseAccount(tab, "acme.shop");
  }
  await Promise.all([page, other].map((tab) => tab.getByRole("button", { name: "Allow" }).click()));
  for (const tab of [page, other]) {
    await expect(tab.getByRole("listitem").filter({ hasText: "@acme.shop" })).toBeVisible();
  }
});

test("OA-01 the callback opened in another browser is refused and spends no code @once", async ({
  page,
  browser,
  house,
}) => {
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await chooseAccount(page, "acme.shop");
  let callback = "";
  await page.route(/\/oauth\/authorize\/decision/, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 }); // hold the person back at the last step
    callback = answer.headers()["location"] ?? "";
    await route.fulfill({ status: 200, contentType: "text/plain", body: "held" });
  });
  await page.getByRole("button", { name: "Allow" }).click();
  await expect.poll(() => callback).toContain("code=");

  await using stranger = await browser.newContext();
  const elsewhere = await stranger.newPage();
  await elsewhere.goto(callback);
  await expect(elsewhere.getByText(/begun in another browser/i)).toBeVisible();
  expect(await asked(house, "code")).toBe(0);
  expect(await stranger.cookies()).toEqual([]);

  await page.goto(callback); // the browser that began can still finish
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
});

test("the callback page survives a reload, and the back button repeats nothing @once", async ({
  page,
  house,
}) => {
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await chooseAccount(page, "acme.shop");
  await house.control("gate", { id: "hold", at: "code", point: "before_process" });
  await page.getByRole("button", { name: "Allow" }).click();
  await expect(page.getByText("Code accepted")).toBeVisible();
  await expect.poll(() => page.url()).toMatch(/\/auth\/instagram\/callback\?attempt=[\w-]{16}$/);
  await expect.poll(() => asked(house, "code")).toBe(1);
  await page.reload();
  await expect(page.getByText("Code accepted")).toBeVisible();
  await house.control("gate/release", { id: "hold" });
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  expect(await asked(house, "code")).toBe(1);
  await page.goBack();
  await expect(page.getByRole("heading", { name: /failed|went wrong/i })).toHaveCount(0);
  expect(await asked(house, "code")).toBe(1);
});

test("OA-09 an id beyond 2^53, sent as a JSON number, arrives on the page with its last digit @once", async ({
  page,
  house,
}) => {
  await house.control("policy", { id_as: "number" });
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await expect(page.getByText("17841401234567891")).toBeVisible();
});

test("a person adds a second account, and disconnects the first after being asked", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  await addAccount(page);
  await chooseAccount(page, "lena.paints");
  await page.getByRole("button", { name: "Allow" }).click();
  await expect(page.getByRole("link", { name: /@lena\.paints/ })).toBeVisible();
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Disconnect account" }).click();
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: /@acme\.shop/ })).toHaveCount(0);
  await expect(page.getByRole("link", { name: /@lena\.paints/ })).toBeVisible();
});

test("refresh now does nothing on a fresh token, and says so; anyway means anyway", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  await page.getByRole("link", { name: /@acme\.shop/ }).click();
  await page.getByRole("button", { name: "+1 day" }).click();
  const hour = page.getByRole("button", { name: "+1 hour" });
  await hour.click();
  await expect(hour).toBeEnabled(); // now the page knows the new time too
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(page.getByText(/nothing to do/i).first()).toBeVisible();
  expect(await asked(house, "refresh")).toBe(0);
  await page.getByRole("button", { name: "Refresh anyway" }).click();
  await expect(page.getByRole("list", { name: "History" }).getByRole("listitem")).toHaveCount(2);
  expect(await asked(house, "refresh")).toBe(1);
});

test("an app that was removed at Instagram shows what happened and how to reconnect", async ({
  page,
  house,
}) => {
  await signIn(page, house);
  await house.control("users/remove_app", { user: "acme.shop" });
  await page.getByRole("button", { name: "+31 days" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "@acme.shop" });
  await row.getByRole("button", { name: "Reconnect" }).click();
  await chooseAccount(page, "acme.shop");
  await page.getByRole("button", { name: "Allow" }).click();
  await expect(page.getByText(/healthy/i).first()).toBeVisible();
});
