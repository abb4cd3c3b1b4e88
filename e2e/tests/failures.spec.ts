import type { FaultRule } from "@perennial/simulator";
import type { Page } from "@playwright/test";

import { passing, PASSED, type Case, type Stop } from "../src/failures/case.ts";
import { openDoor } from "../src/failures/door.ts";
import { FACEBOOK_CASES } from "../src/failures/facebook.ts";
import { INSTAGRAM_CASES } from "../src/failures/instagram.ts";
import { expect, test } from "../src/test.ts";

// What the faults of the catalogue do elsewhere than in a sign-in is for other tests: F09 needs a connection that is
// used again, F18 and F19 a refresh, F35 a name that is shown, F39 time that passes, F40 a callback. F28 is a fault
// that comes and goes; TLS and name lookup (F26, F27) are not the simulator's.
test.describe.configure({ mode: "parallel" });

/** What a page must not show: codes, tokens, secrets, and what they travel in. */
const SECRET = /SIM(?:CODE|TOK|SEC)|(?:access_token|client_secret)=|IG[A-Z]{2}[A-Za-z0-9]{20}/;

const LIMIT_MS = 15_000;

const LOGINS = [
  { flavour: "instagram", company: "Instagram", person: "acme.shop", cases: INSTAGRAM_CASES },
  { flavour: "facebook", company: "Facebook", person: "alex.kim.shop", cases: FACEBOOK_CASES },
] as const;

for (const { flavour, company, person, cases } of LOGINS) {
  test(`every fault of a sign-in with ${company} names its cause first, says what to do, and leaks nothing @once`, async ({
    page,
    house,
  }) => {
    test.setTimeout(180_000);
    const door = openDoor({ page, house, flavour, person });
    for (const one of cases) {
      await test.step(`${one.id} ${one.what}`, async () => {
        await door.arrive(one);
        await expectEnd(page, one, company);
        expect(SECRET.exec(await page.content())?.[0]).toBeUndefined();
        expect(page.url()).not.toMatch(/code=|state=/);
        await door.leave();
      });
    }
  });
}

/** Waits rather than expects, which looks less and less often: over all the cases that is a quarter of a minute. */
async function expectEnd(page: Page, { ends }: Case, company: string): Promise<void> {
  const isStop = !("heading" in ends);
  await page
    .getByRole("heading", { level: 1, name: isStop ? "The sign-in stopped" : ends.heading, exact: true })
    .waitFor({ timeout: LIMIT_MS });
  if (!isStop) {
    await page.getByRole("main").filter({ hasText: ends.says }).waitFor({ timeout: LIMIT_MS });
    return;
  }
  await expectExplained(page, ends);
  await expect(page.getByRole("button", { name: `Continue with ${company}` })).toBeEnabled();
}

async function expectExplained(page: Page, { first, endedBy, hasTrace, isOfNoAttempt }: Stop): Promise<void> {
  if (isOfNoAttempt !== true) {
    const status = page.getByRole("main").getByRole("status");
    await status.filter({ hasText: /seen/ }).waitFor({ timeout: LIMIT_MS });
    await expect(status.last()).toHaveText(/seen/);
  }
  const causes = page.getByRole("list", { name: /Where it comes from/ }).getByRole("listitem");
  await expect(causes.first()).toHaveText(first);
  await expect(page.getByText(endedBy, { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("list", { name: /What you can do|For whoever runs/ }).first()).toBeVisible();
  await expect(page.getByText("Meta’s trace id")).toHaveCount(hasTrace === true ? 1 : 0);
}

const slowCase = (
  id: string,
  flavour: "instagram" | "facebook",
  person: string,
  fault: Omit<FaultRule, "match">,
) => ({ id, flavour, person, faults: [{ ...fault, match: { user: person } }] });

/** They differ by how the answer does not come; the limit is ten seconds for each. */
const SLOW: readonly Parameters<typeof slowCase>[] = [
  ["F02 hang", "instagram", "lena.paints", { at: "code", do: "hang" }],
  ["F07 F01 F29 late", "instagram", "north.roasters", { at: "exchange", do: "late", with: { ms: 30_000 } }],
  ["F03 drip", "instagram", "ines.runs", { at: "me", do: "drip", with: { bps: 1 } }],
  ["F03 stall", "facebook", "alex.kim.studio", { at: "pages", do: "stall", with: { after: "headers" } }],
];

test("an answer that does not come in ten seconds is waited for no longer, and named as the cause @once", async ({
  context,
  house,
}) => {
  await Promise.all(
    SLOW.map(async (one) => {
      const { flavour, person, faults } = slowCase(...one);
      const page = await context.newPage();
      await openDoor({ page, house, flavour, person }).arrive({ faults });
      const heading = page.getByRole("heading", { name: "The sign-in stopped", level: 1 });
      await expect(heading).toBeVisible({ timeout: 30_000 });
      await expectExplained(page, passing(PASSED));
    }),
  );
});

test("what was found out about a failure can be taken along, without a secret in it @once", async ({
  page,
  house,
}) => {
  const door = openDoor({ page, house, flavour: "instagram", person: "acme.shop" });
  const misleading = { at: "code", do: "graph_error", with: { reason: "redirect_uri_mismatch" } } as const;
  await door.arrive({ faults: [misleading] });
  await page.getByText("What we did").click();
  await expect(page.getByRole("list", { name: "Calls" }).getByRole("listitem")).toContainText("refused");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const file = await (await saved).createReadStream();
  const text = Buffer.concat(await file.toArray()).toString("utf8");
  expect(JSON.parse(text)).toMatchObject({ format: "perennial.attempt/1", code: "redirect_uri_mismatch" });
  expect(text).not.toMatch(SECRET);

  await door.leave();
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await page.getByRole("button", { name: "Allow" }).click(); // the way on leads somewhere
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
});
