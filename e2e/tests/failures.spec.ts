import type { Page } from "@playwright/test";

import { chooseAccount, expect, test } from "../src/test.ts";
import { openHouse, type House } from "../src/house.ts";

type Case = {
  what: string;
  faults: { at: string; do: string; with?: Record<string, unknown>; match?: Record<string, unknown> }[];
  person?: string;
  /** The cause that the page names first. */
  first: RegExp;
  endedBy: "Passes by itself" | "You can end it" | "For whoever runs this site" | "A matter of what was sent";
  /** Meta's trace id came with it. */
  hasTrace?: boolean;
};

const ofCode = (reason: string) => [{ at: "code", do: "graph_error", with: { reason } }];
const ofToken = (sub: number) => [{ at: "me", do: "graph_error", with: { code: 190, sub } }];
const unsupported = { do: "graph_error", with: { reason: "unsupported_request" } };

const CASES: Case[] = [
  {
    what: "a code that was used",
    faults: ofCode("code_used"),
    first: /opened twice/,
    endedBy: "You can end it",
  },
  {
    what: "a code that has expired",
    faults: ofCode("code_expired"),
    first: /stood open/,
    endedBy: "You can end it",
  },
  {
    what: "a redirect address that is not registered",
    faults: ofCode("redirect_uri_mismatch"),
    first: /not registered exactly.*so it is not that/s,
    endedBy: "For whoever runs this site",
  },
  {
    what: "a secret that is right by now",
    faults: ofCode("invalid_client_secret"),
    first: /put right since.*accepts the pair now/s,
    endedBy: "For whoever runs this site",
  },
  {
    what: "an outage",
    faults: [{ at: "code", do: "status", with: { status: 503 } }],
    first: /It has passed/,
    endedBy: "Passes by itself",
  },
  {
    what: "a page in the place of an answer",
    faults: [{ at: "code", do: "html" }],
    first: /It has passed/,
    endedBy: "Passes by itself",
  },
  {
    what: "half an answer",
    faults: [{ at: "code", do: "truncate" }],
    first: /It has passed/,
    endedBy: "Passes by itself",
  },
  {
    what: "a broken connection",
    faults: [{ at: "code", do: "reset", with: { point: "after" } }],
    first: /It has passed/,
    endedBy: "Passes by itself",
  },
  {
    what: "a redirect",
    faults: [{ at: "code", do: "redirect" }],
    first: /It has passed/,
    endedBy: "Passes by itself",
  },
  {
    what: "a flood",
    faults: [{ at: "code", do: "flood", with: { kind: "body" } }],
    first: /It has passed/,
    endedBy: "Passes by itself",
  },
  {
    what: "an answer without a token",
    faults: [{ at: "code", do: "junk", with: { kind: "empty_object" } }],
    first: /A fault at Meta/,
    endedBy: "Passes by itself",
  },
  {
    what: "an account without a role in the app",
    faults: [
      { at: "exchange", ...unsupported },
      { at: "me", ...unsupported },
    ],
    first: /has no role in the app.*took the code/s,
    endedBy: "For whoever runs this site",
    hasTrace: true,
  },
  {
    what: "a checkpoint",
    faults: ofToken(459),
    first: /security check/,
    endedBy: "You can end it",
    hasTrace: true,
  },
  {
    what: "a password that was changed",
    faults: ofToken(460),
    first: /password was changed/,
    endedBy: "You can end it",
    hasTrace: true,
  },
  {
    what: "an app that was removed",
    faults: ofToken(458),
    first: /app was removed/,
    endedBy: "You can end it",
    hasTrace: true,
  },
  {
    what: "an unconfirmed account",
    faults: ofToken(464),
    first: /confirmation was skipped/,
    endedBy: "You can end it",
    hasTrace: true,
  },
  {
    what: "a missing permission",
    faults: [{ at: "me", do: "graph_error", with: { code: 10 } }],
    first: /unticked/,
    endedBy: "You can end it",
    hasTrace: true,
  },
  {
    what: "the app's limit",
    faults: [{ at: "exchange", do: "throttle", with: { code: 4 } }],
    first: /Very many calls/,
    endedBy: "Passes by itself",
    hasTrace: true,
  },
  {
    what: "one call too many",
    faults: [{ at: "me", do: "status", with: { status: 429 } }],
    first: /Too many calls/,
    endedBy: "Passes by itself",
  },
  {
    what: "a blocked app",
    faults: [{ at: "me", do: "graph_error", with: { code: 200, message: "API access blocked." } }],
    first: /policy was found broken/,
    endedBy: "For whoever runs this site",
    hasTrace: true,
  },
  {
    what: "a personal account",
    faults: [{ at: "me", do: "field", with: { account_type: "PERSONAL" } }],
    first: /account is personal/,
    endedBy: "You can end it",
  },
  {
    what: "an error nobody knows",
    faults: [{ at: "me", do: "graph_error", with: { code: 99_999, message: "Something new" } }],
    first: /Meta changed something/,
    endedBy: "Passes by itself",
    hasTrace: true,
  },
];

/** What a page must not show: codes, tokens, secrets, and what they travel in. */
const SECRET = /SIM(?:CODE|TOK|SEC)|access_token|client_secret|IG[A-Z]{2}[A-Za-z0-9]{20}/;

test("every fault of a sign-in names its cause first, says what to do, and leaks nothing @once", async ({
  page,
  house,
}) => {
  test.setTimeout(180_000);
  for (const { what, faults, first, endedBy, hasTrace = false } of CASES) {
    await test.step(what, async () => {
      for (const [index, fault] of faults.entries())
        await house.control("faults", { id: `f${index}`, ...fault });
      await allow(page, house);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/stopped/);
      for (const index of faults.keys()) await house.endFault(`f${index}`);
      await expect(page.getByText(endedBy, { exact: true }).first()).toBeVisible();
      await expect(
        page
          .getByRole("list", { name: /Where it comes from/ })
          .getByRole("listitem")
          .first(),
      ).toHaveText(first);
      await expect(
        page.getByRole("list", { name: /What you can do|For whoever runs/ }).first(),
      ).toBeVisible();
      const trace = page.getByText("trace id", { exact: false });
      if (hasTrace) await expect(trace.first()).toBeVisible();
      await expect(page.getByRole("button", { name: /Continue with Instagram|Look again/ })).toBeVisible();
      await page.getByText("What we did").click();
      await expect(
        page
          .getByRole("list", { name: "Calls" })
          .getByText(/refused|put off|no answer|fine/)
          .first(),
      ).toBeVisible();
      expect(await page.content()).not.toMatch(SECRET);
      expect(page.url()).not.toMatch(/code=|state=/);
    });
  }
});

test("a wrong app secret is shown to be the cause, in Meta's misleading words too @once", async ({
  page,
}) => {
  await using house = await openHouse(() => null); // what the app's pair is worth is remembered for a minute
  for (const at of ["code", "exchange"])
    await house.control("faults", {
      id: at,
      at,
      do: "graph_error",
      with: { reason: "invalid_client_secret" },
    });
  await house.control("faults", {
    id: "words",
    at: "code",
    do: "graph_error",
    with: { reason: "redirect_uri_mismatch" },
  });
  await house.endFault("code");
  await allow(page, house);
  const causes = page.getByRole("list", { name: /Where it comes from/ });
  await expect(causes.getByRole("listitem").first()).toHaveText(
    /secret does not belong.*refuses the pair, too/s,
  );
  const saved = page.waitForEvent("download");
  await page.getByText("What we did").click();
  await page.getByRole("button", { name: "Export" }).click();
  const file = await (await saved).createReadStream();
  const text = Buffer.concat(await file.toArray()).toString("utf8");
  expect(JSON.parse(text)).toMatchObject({ format: "perennial.attempt/1", code: "redirect_uri_mismatch" });
  expect(text).not.toMatch(SECRET);
});

/** From the first page, or from the page of a failure: its way on has to lead somewhere. */
async function allow(page: Page, house: House): Promise<void> {
  if (!page.url().startsWith(house.appUrl)) await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await chooseAccount(page, "acme.shop");
  await page.getByRole("button", { name: "Allow" }).click();
}
