import { expectAccessible } from "../src/accessible.ts";
import { addAccount, asked, chooseAccount, expect, signIn, test } from "../src/test.ts";

const HOUR_MS = 3_600_000;
const ACCOUNTS = ["acme.shop", "lena.paints", "north.roasters"];
/** Failures in a row after which a login is left alone. */
const ENOUGH = 10;

test(
  "while Instagram answers nobody renewals wait, which is said, and goes away by itself",
  { tag: "@once" },
  async ({ page, house }) => {
    const notice = page.getByText("Instagram is not answering as it should.");
    await signIn(page, house);
    for (const account of ACCOUNTS.slice(1)) {
      await addAccount(page);
      await chooseAccount(page, account);
      await page.getByRole("button", { name: "Allow" }).click();
      await expect(page.getByRole("link", { name: `@${account}` })).toBeVisible();
    }
    await house.control("faults", { id: "outage", at: "any", do: "status", with: { status: 503 } });
    await house.control("clock", { advance_ms: 31 * 24 * HOUR_MS });
    for (let failed = ACCOUNTS.length; failed < ENOUGH; failed += ACCOUNTS.length) {
      await expect.poll(() => asked(house, "refresh")).toBeGreaterThanOrEqual(failed);
      await house.control("clock", { advance_ms: HOUR_MS });
    }
    await expect(notice).toBeVisible();
    await expect(page.getByText(/Your tokens go on working/)).toBeVisible();
    await expectAccessible(page);

    await page.getByRole("link", { name: "@acme.shop" }).click();
    await page.getByRole("button", { name: "Refresh now" }).click();
    await expect(page.getByText(/^Renewals wait for now/)).toBeVisible();
    await page.getByRole("link", { name: "All connections" }).click();
    await expect(notice).toBeVisible();

    await house.endFault("outage");
    await house.database.run("UPDATE app_breakers SET next_probe_at = 0"); // who would wait half a minute
    await expect(notice).toBeHidden();
    await expect(page.getByText("Healthy")).toHaveCount(ACCOUNTS.length);
  },
);
