import { expectAccessibleInEveryLook } from "../src/accessible.ts";
import { allow, CHOICE, continueWithFacebook } from "../src/facebook.ts";
import { addAccount, chooseAccount, expect, signIn, test } from "../src/test.ts";

// The longest of all: ten pages in four looks each, in a house of its own.
test.describe.configure({ mode: "parallel", timeout: 120_000 });

test(
  "every page on the way in and around a connection is accessible and fits, in every look",
  { tag: "@once" },
  async ({ page, house }) => {
    const check = (): Promise<void> => expectAccessibleInEveryLook(page);
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
    await expect(page.getByRole("link", { name: /@acme\.shop/ })).toBeVisible();
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
  },
);

test(
  "an account that another person holds is not to be had, by either login, and a choice that took too long is over",
  { tag: "@once" },
  async ({ page, browser, house }) => {
    const check = (): Promise<void> => expectAccessibleInEveryLook(page);
    await using elsewhere = await browser.newContext();
    await signIn(await elsewhere.newPage(), house, "acme.shop");

    await signIn(page, house, "lena.paints");
    await addAccount(page);
    await chooseAccount(page, "acme.shop");
    await page.getByRole("button", { name: "Allow" }).click();
    await expect(page.getByText(/already connected by another person here/)).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Continue with Instagram" }).click();
    await expect(page.getByRole("button", { name: "Allow" })).toBeVisible();
    expect(page.url()).toContain("force_reauth=true"); // the same account again would only be refused again

    await page.goto(`${house.appUrl}/connections`);
    await addAccount(page, "Facebook");
    await allow(page, "Maya Brandt");
    await expect(page.getByRole("heading", CHOICE)).toBeVisible();
    const account = (name: RegExp) => page.getByRole("checkbox", { name });
    await expect(account(/@acme\.shop/)).toBeDisabled();
    await expect(account(/@acme\.shop/)).toHaveAccessibleDescription(/Another person here has connected it/);
    await expect(account(/@lena\.paints/)).not.toBeChecked();
    await expect(account(/@lena\.paints/)).toHaveAccessibleDescription(/Connected already/);
    await expect(account(/@north\.roasters/)).toBeChecked();
    await account(/@north\.roasters/).uncheck();
    await page.getByRole("button", { name: "Connect accounts" }).click();
    await expect(page.getByText("Tick at least one account.")).toBeVisible();
    await check();

    await account(/@north\.roasters/).check();
    await house.database.run("UPDATE sign_in_attempts SET expires_at = 0"); // who would think for ten minutes
    await page.getByRole("button", { name: "Connect 1 account" }).click();
    await expect(page.getByRole("heading", { name: "Nothing to choose any more" })).toBeVisible();
    await check();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Nothing to choose any more" })).toBeVisible();

    await page.getByRole("button", { name: "Continue with Facebook" }).click();
    await allow(page, "Nadia Haddad");
    await expect(page.getByRole("list", { name: "What to do" }).getByRole("listitem")).toHaveCount(3);
    await check();
    await page.getByRole("button", { name: "Try again with Facebook" }).click();
    await allow(page, "Paul Moreau");
    const pages = page.getByRole("region", { name: "Pages without an account to connect" });
    await expect(pages.getByRole("listitem")).toHaveText(["Moreau Bikes", "Moreau Rentals"]);
    await check();

    await page.getByRole("link", { name: "Back to the start" }).click();
    const rows = page.getByRole("list", { name: "Accounts" }).getByRole("listitem");
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText("@lena.paints");
  },
);

test(
  "a missing permission is asked for again, a pasted token is kept or refused, and the end of access shows, in every look",
  { tag: "@once" },
  async ({ page, house }) => {
    const check = (): Promise<void> => expectAccessibleInEveryLook(page);
    await continueWithFacebook(page, house, "Alex Kim", ["instagram_content_publish"]);
    await page.getByRole("link", { name: /@acme\.shop/ }).click();
    const posts = page.getByRole("list", { name: "Recent posts" }).getByRole("listitem");
    await expect(posts.first()).toBeVisible();
    await expect(page.getByText("One permission is missing; you can ask for it again below.")).toBeVisible();
    await check();
    await page.getByRole("button", { name: "Ask Facebook again" }).click();
    await allow(page, "Alex Kim");
    await expect(page.getByText(/Nothing to do\./).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Ask Facebook again" })).toBeHidden();
    await expect(page.getByRole("list", { name: "Permissions" })).not.toContainText("Missing");

    await page.getByRole("link", { name: "Settings" }).click();
    const field = page.getByRole("textbox", { name: "Token" });
    const submit = page.getByRole("button", { name: "Import", exact: true });
    await expect(field).toBeVisible();
    await check();
    await field.fill("please connect my account");
    await submit.click();
    await expect(page.getByText(/no access token in what was pasted/i).first()).toBeVisible();
    await check();
    const { value } = await house.control<{ value: string }>("facebook/token", {
      user: "maya.brandt",
      kind: "long_lived",
    });
    await field.fill(`FACEBOOK_TOKEN="${value}"`);
    await submit.click();
    await expect(page.getByText("This token reaches several accounts.")).toBeVisible();
    await check();
    await page.getByRole("checkbox", { name: /@lena\.paints/ }).check();
    await page.getByRole("button", { name: "Import chosen accounts" }).click();
    await expect(page.getByRole("list", { name: "Imported" })).toContainText("@lena.paints");
    await expect(field).toHaveValue("");
    await check();
    const issued = await house.control<{ value: string }>("token", { user: "north.roasters" });
    await field.fill(`curl "https://graph.instagram.com/me?access_token=${issued.value}"`);
    await submit.click();
    await expect(page.getByRole("list", { name: "Imported" })).toContainText("@north.roasters");
    await page.goto(`${house.appUrl}/connections`);
    await expect(page.getByText("Healthy")).toHaveCount(3);

    await house.control("clock", { advance_ms: 80 * 24 * 3_600_000 });
    await page.reload();
    await page.getByRole("link", { name: /@acme\.shop/ }).click();
    await page.waitForURL(/\/connections\/con_/);
    // The list it was chosen from says so too, of others as well, until it is gone.
    await expect(page.getByText("Ends soon")).toHaveCount(1);
    await expect(posts.first()).toBeVisible();
    await check();
  },
);

test(
  "keys and places are made, refused and shown once, in every look",
  { tag: "@once" },
  async ({ page, house }) => {
    const check = (): Promise<void> => expectAccessibleInEveryLook(page);
    await signIn(page, house);
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByText(/No program has a key so far/)).toBeVisible();
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByRole("radio", { name: "Chosen ones" }).check();
    await page.getByText("Only from certain addresses").click();
    await page.getByRole("button", { name: "Make the key" }).click();
    await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
    await check();
    await page.getByRole("textbox", { name: "Name" }).fill("website");
    await page.getByRole("checkbox", { name: /@acme\.shop/ }).check();
    await page.getByRole("textbox", { name: "Addresses" }).fill("nowhere");
    await page.getByRole("button", { name: "Make the key" }).click();
    await expect(page.getByRole("alert")).toContainText("192.0.2.7");
    await page.getByRole("textbox", { name: "Addresses" }).fill("192.0.2.7");
    await page.getByRole("button", { name: "Make the key" }).click();
    await expect(page.getByRole("button", { name: "Copy the key" })).toBeVisible();
    await check();
    await page.getByRole("button", { name: "I have kept it" }).click();
    await expect(page.getByRole("list", { name: "API keys" })).toContainText("Only from 192.0.2.7");

    await page.getByRole("link", { name: "@acme.shop" }).click();
    await expect(page.getByRole("heading", { name: "Who reads this token" })).toBeInViewport();
    await page.getByRole("button", { name: "Add a place" }).click();
    await page.getByRole("radio", { name: "Program" }).check();
    await expect(page.getByText(/perennial sinks add con_/)).toBeVisible();
    await page.getByRole("radio", { name: "Redis" }).check();
    await page.getByRole("button", { name: "Add it" }).click();
    await expect(page.getByText("This has to be filled in.")).toHaveCount(2);
    await check();
    await page.getByRole("radio", { name: "Webhook" }).check();
    await page.getByRole("textbox", { name: "Address" }).fill("http://127.0.0.1:9/nobody");
    await page.getByRole("button", { name: "Add it" }).click();
    await page.getByRole("button", { name: "I have kept it" }).click();
    await expect(page.getByText("Not delivered").first()).toBeVisible();
    await page.getByText(/^Receipts/).click();
    await expect(page.getByRole("list", { name: "Receipts of Webhook" })).toBeVisible();
    await page.getByRole("button", { name: "Edit Webhook" }).click();
    await page.getByRole("radio", { name: "Set up anew" }).check();
    await check();

    const id = /con_[\w-]{22}/.exec(page.url())?.[0] ?? "";
    await page.goto(`${house.appUrl}/settings?connection=${id}`);
    await expect(page.getByText(/^Only a token of @acme\.shop is taken here\./)).toBeVisible();
    await expect(page.getByRole("heading", { name: "API keys" })).toBeHidden();
  },
);

test("everything can be done with the keyboard alone", { tag: "@once" }, async ({ page, house }) => {
  const press = async (name: RegExp, role: "button" | "link" | "radio" | "checkbox"): Promise<void> => {
    const target = page.getByRole(role, { name }).first();
    await expect(target).toBeVisible();
    for (let tabs = 0; tabs < 60; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await expect(target).toBeFocused();
    await page.keyboard.press(role === "radio" || role === "checkbox" ? "Space" : "Enter");
  };
  await page.goto(house.appUrl);
  await press(/^Diagnostics$/, "link");
  await expect(page.getByText("Everything that can be seen from here is fine.")).toBeVisible();
  await press(/^The set-up guide$/, "link");
  await expect(page.getByRole("heading", { name: "Going live with a real app" })).toBeFocused();
  await press(/^Have APP_URL be the address/, "checkbox");
  await expect(page.getByRole("checkbox").first()).toBeChecked();
  await press(/^Copy APP_URL=/, "button");
  await press(/^Perennial$/, "link");
  await press(/^Continue with Instagram$/, "button");
  await press(/^Allow$/, "button");
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
  await press(/@/, "link");
  await press(/^Disconnect$/, "button");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Disconnect" })).toBeFocused();
  await press(/^Add a place$/, "button");
  await expect(page.getByRole("radio", { name: "Webhook" })).toBeFocused();
  await page.keyboard.press("ArrowUp"); // round to the last one
  await expect(page.getByRole("radio", { name: "Program" })).toBeChecked();
  await press(/^Cancel$/, "button");
  await expect(page.getByRole("heading", { name: "Who reads this token" })).toBeFocused();
  await press(/^Settings$/, "link");
  await press(/^Make a key$/, "button");
  await page.keyboard.type("website");
  await page.keyboard.press("Enter");
  await press(/^I have kept it$/, "button");
  await press(/^Revoke website$/, "button");
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await press(/^Revoke key$/, "button");
  await expect(page.getByText("1 revoked key")).toBeVisible();
  await press(/^Sign out$/, "button");
  await expect(page.getByRole("button", { name: "Continue with Instagram" })).toBeVisible();
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
