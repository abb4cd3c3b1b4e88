import { ERROR_REASONS, INSTAGRAM_ERROR_CODES, type InstagramErrorReason } from "@perennial/instagram";
import { describe, expect, it } from "vitest";

import { cureOf } from "../cure-of.ts";
import type { ConnectionErrorCode } from "../errors.ts";
import { EXPLANATIONS } from "../explanations.ts";
import { FAILURE_CLASSES } from "../failure-classes.ts";
import { catalogueEntry } from "./catalogue.ts";
import { errorsPage } from "./errors-page.ts";
import { OF_COMMANDS } from "./of-commands.ts";
import { OF_REQUESTS } from "./of-requests.ts";

const CODES = Object.keys(EXPLANATIONS) as ConnectionErrorCode[];
const REASONS = Object.keys(ERROR_REASONS) as InstagramErrorReason[];
const ENTRIES = [
  ...CODES.map((code) => [code, catalogueEntry(code)] as const),
  ...Object.entries({ ...OF_REQUESTS, ...OF_COMMANDS }),
  ...REASONS.map((reason) => [reason, catalogueEntry(ERROR_REASONS[reason].code, reason)] as const),
];

describe("the catalogue", () => {
  it.each(ENTRIES)(
    "says of %s what it means, what it comes from, and what somebody can do",
    (_code, entry) => {
      expect(entry.meaning).toMatch(/^[A-Z"].*[.!]$/s);
      expect(entry.causes.length).toBeGreaterThan(0);
      const steps = Object.values(entry.steps).flat();
      expect(steps.length).toBeGreaterThan(0);
      const sentences = [...entry.causes, ...steps, entry.meaning];
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z`0-9].*[.?)"]$/s);
      expect(sentences.join(" ")).not.toMatch(/!|\bOops\b|\bplease\b/i);
      if (entry.endedBy === "person") expect(entry.steps.person.length).toBeGreaterThan(0);
      if (entry.endedBy === "operator") expect(entry.steps.operator.length).toBeGreaterThan(0);
    },
  );

  it("asks nobody to reconnect for what whoever runs the site has to mend, and agrees with what a refresh does", () => {
    for (const code of INSTAGRAM_ERROR_CODES) {
      const { endedBy } = catalogueEntry(code);
      const failureClass = FAILURE_CLASSES[code];
      if (failureClass === "wait") expect([code, endedBy]).toEqual([code, "time"]);
      if (failureClass === "reconnect" && code !== "account_not_eligible")
        expect([code, endedBy]).toEqual([code, "person"]);
    }
    for (const code of ["invalid_client", "app_not_available", "redirect_uri_mismatch"] as const)
      expect([code, catalogueEntry(code).endedBy]).toEqual([code, "operator"]);
  });

  it.each(["sign_in", "import"] as const)("speaks to a %s of no connection: there is none yet", (during) => {
    for (const reason of REASONS) {
      const { code } = ERROR_REASONS[reason];
      const { steps } = catalogueEntry(code, reason, during);
      const told = [cureOf(code, during), ...steps.person];
      expect([reason, told.filter((step) => /reconnect|tried again by itself/i.test(step))]).toEqual([
        reason,
        [],
      ]);
    }
  });

  it("lists all that a category can come from where no reason is known", () => {
    const { causes, steps } = catalogueEntry("token_revoked");
    expect(causes).toEqual([
      "The person has removed the app.",
      "The password was changed or the session was reset for security.",
    ]);
    expect(steps.person).toHaveLength(2);
    expect(catalogueEntry("token_revoked", "password_changed").causes[0]).toMatch(
      /^The password was changed/,
    );
  });

  it("is the page of the documentation", async () => {
    await expect(errorsPage()).toMatchFileSnapshot("../../../../docs/errors.md");
  });
});
