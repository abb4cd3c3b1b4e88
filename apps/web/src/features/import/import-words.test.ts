import { describe, expect, it } from "vitest";

import {
  LONGEST_TEXT,
  outcomeWords,
  reachedOption,
  textProblem,
  validityWords,
  type ImportedConnection,
} from "./import-words.ts";

const NOW = new Date(2027, 2, 12, 12, 0).getTime();
const END = new Date(2027, 4, 11, 12, 0).toISOString();

describe("textProblem", () => {
  it("sends no empty text", () => {
    for (const text of ["", "   ", "\n\t "]) expect(textProblem(text)).toMatch(/^Paste something/);
  });

  it("sends what the api takes, to the last character, and says what to do with more", () => {
    expect(textProblem("IGAA")).toBeNull();
    expect(textProblem("x".repeat(LONGEST_TEXT))).toBeNull();
    expect(textProblem("x".repeat(LONGEST_TEXT + 1))).toMatch(/20,000 characters.*only the part/);
  });

  it("never repeats what was pasted", () => {
    const secret = `EAAG${"s".repeat(LONGEST_TEXT)}`;
    expect(textProblem(secret)).not.toContain("EAAG");
  });
});

describe("validityWords", () => {
  const words = (
    expiryBasis: ImportedConnection["expiryBasis"],
    flavour: ImportedConnection["flavour"] = "instagram",
  ): string => validityWords({ expiresAt: END, expiryBasis, flavour }, NOW);

  it("tells what was said from what was guessed", () => {
    expect(words("told", "facebook")).toBe("Good until 11 May, as Facebook said.");
    expect(words("given")).toMatch(/^Good until 11 May, as it was given with the token\./);
    expect(words("estimated")).toMatch(/^Good until 11 May, a careful guess, as nobody said\./);
  });

  it("names the year when it is another one", () => {
    const next = new Date(2028, 0, 3, 12, 0).toISOString();
    expect(validityWords({ expiresAt: next, expiryBasis: "told", flavour: "instagram" }, NOW)).toContain(
      "3 Jan 2028",
    );
  });
});

describe("outcomeWords", () => {
  it("tells a new connection from one that got another token", () => {
    expect(outcomeWords({ isNew: true })).toBe("Connected");
    expect(outcomeWords({ isNew: false })).toBe("Got the new token");
  });
});

describe("reachedOption", () => {
  it("shows the Page where there is one", () => {
    const reached = { accountId: "1", username: "acme.shop", pageName: "Acme" };
    expect(reachedOption(reached)).toMatchObject({ details: "Page: Acme", isDisabled: false, note: null });
    expect(reachedOption({ ...reached, pageName: null }).details).toBe("");
  });
});
