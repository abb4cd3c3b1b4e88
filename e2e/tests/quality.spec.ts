import { expectAccessible } from "../src/accessible.ts";
import { addAccount, expect, signIn, test } from "../src/test.ts";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1280]) {
    const title = `every page is accessible and fits, ${colorScheme}, ${width} pixels wide`;
    test(title, { tag: "@once" }, async ({ page, house }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 780 });
      const check = (): Promise<void> => expectAccessible(page);
      await page.goto(house.appUrl);
      await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
      await check();
      await page.getByRole("button", { name: "Continue with Instagram" }).click();
      await expect(page.getByRole("button", { name: "Allow" })).toBeVisible();
      await check();
      await page.getByRole("button", { name: "Not now" }).click();
      await expect(page.getByText(/chose not to connect/i).first()).toBeVisible();
      await check();
      await signIn(page, house);
      await check();
      await page.getByRole("link", { name: /@acme\.shop/ }).click();
      await expect(page.getByRole("list", { name: "History" })).toBeVisible();
      await check();
      await page.getByRole("button", { name: "Disconnect" }).click();
      await expect(page.getByRole("alertdialog")).toBeVisible();
      await check();
      await page.goto(
        `${house.appUrl}/auth/instagram/callback?code=x&state=${"a".repeat(16)}.${"b".repeat(32)}`,
      );
      await expect(page.getByText(/another browser/i).first()).toBeVisible();
      await check();
      await page.goto(`${house.appUrl}/reconnect#a.b.c`);
      await expect(page.getByRole("heading", { name: "Reconnect your account" })).toBeVisible();
      await check();
      await page.getByRole("button", { name: "Continue with Instagram" }).click();
      await expect(page.getByRole("heading", { name: /no longer good/ })).toBeVisible();
      await check();
      await page.goto(`${house.appUrl}/no/such/page`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await check();
    });
  }
}

test("everything can be done with the keyboard alone", { tag: "@once" }, async ({ page, house }) => {
  const press = async (name: RegExp, role: "button" | "link" | "radio"): Promise<void> => {
    const target = page.getByRole(role, { name }).first();
    await expect(target).toBeVisible();
    for (let tabs = 0; tabs < 60; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await expect(target).toBeFocused();
    await page.keyboard.press(role === "radio" ? "Space" : "Enter");
  };
  await page.goto(house.appUrl);
  await press(/^Continue with Instagram$/, "button");
  await press(/^Allow$/, "button");
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  await press(/@/, "link");
  await press(/^Disconnect$/, "button");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Disconnect" })).toBeFocused();
  await press(/^Sign out$/, "button");
  await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
});

test("signing out in one tab reaches the others, and a dead session asks once", async ({
  page,
  context,
  house,
}) => {
  await signIn(page, house);
  const other = await context.newPage();
  await other.goto(`${house.appUrl}/connections`);
  await expect(other.getByRole("link", { name: /@acme\.shop/ })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
  await other.goBack();
  await expect(other.getByRole("link", { name: /@acme\.shop/ })).toHaveCount(0);

  await signIn(page, house);
  await context.clearCookies();
  let calls = 0;
  page.on("request", (request) => {
    if (request.url().includes("/trpc/")) calls += 1;
  });
  await page.reload();
  await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
  expect(calls).toBeLessThan(10);
});

test("names from Instagram are shown as text, however hostile @once", async ({ page, house }) => {
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  for (const variant of ["script", "rtl", "emoji"]) {
    await house.control("users", {
      key: `hostile-${variant}`,
      username: `hostile.${variant}`,
      name: "H",
      variant,
    });
  }
  const users = await house.truth<{ key: string }[] | { users: { key: string }[] }>("users");
  const keys = (Array.isArray(users) ? users : users.users)
    .map(({ key }) => key)
    .filter((key) => key.startsWith("hostile-"));
  expect(keys.length).toBe(3);
  for (const [index] of keys.entries()) {
    if (index > 0) await addAccount(page);
    else {
      await page.goto(house.appUrl);
      await page.getByRole("button", { name: "Continue with Instagram" }).click();
    }
    await page
      .getByRole("radio")
      .nth(-3 + index)
      .check();
    await page.getByRole("button", { name: "Allow" }).click();
    await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  }
  await expect(page.getByRole("listitem").filter({ has: page.getByRole("link") })).toHaveCount(3);
  expect(dialogs).toBe(0);
});
