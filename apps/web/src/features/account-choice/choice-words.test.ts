import { describe, expect, it } from "vitest";

import type { AccountChoice } from "../../lib/trpc.ts";
import { connectWords, EMPTY, groupUnusable, optionOf, preselected, UNUSABLE } from "./choice-words.ts";

type Account = AccountChoice["accounts"][number];

function account(accountId: string, changes: Partial<Account> = {}): Account {
  return {
    accountId,
    username: "acme.shop",
    name: "Acme Shop",
    pictureUrl: null,
    page: { id: "1030", name: "Acme" },
    standing: "new",
    ...changes,
  };
}

describe("optionOf", () => {
  it("shows the account's name and its Page, and nothing where there is none", () => {
    expect(optionOf(account("1"))).toMatchObject({
      details: "Acme Shop · Page: Acme",
      note: null,
      isDisabled: false,
    });
    expect(optionOf(account("1", { name: "Acme" })).details).toBe("Page: Acme"); // not twice
    expect(optionOf(account("1", { name: null })).details).toBe("Page: Acme");
    expect(optionOf(account("1", { page: null })).details).toBe("Acme Shop");
    expect(optionOf(account("1", { name: null, page: null })).details).toBe("");
  });

  it("says that a connected account is renewed, and lets it be picked", () => {
    const { note, isDisabled } = optionOf(account("1", { standing: "connected" }));
    expect(note).toContain("it will be renewed");
    expect(isDisabled).toBe(false);
  });

  it("lets nobody pick an account that another user holds, and says the way out", () => {
    const { note, isDisabled } = optionOf(account("1", { standing: "held" }));
    expect(isDisabled).toBe(true);
    expect(note).toMatch(/another person.*disconnect it first/i);
  });
});

describe("preselected", () => {
  it("ticks what is new, and neither what is connected nor what cannot be picked", () => {
    const accounts = [
      account("1"),
      account("2", { standing: "connected" }),
      account("3", { standing: "held" }),
      account("4"),
    ];
    expect([...preselected(accounts)]).toEqual(["1", "4"]);
    expect(preselected([]).size).toBe(0);
  });
});

describe("connectWords", () => {
  it("counts the accounts", () => {
    expect([1, 2, 12].map(connectWords)).toEqual([
      "Connect 1 account",
      "Connect 2 accounts",
      "Connect 12 accounts",
    ]);
  });

  it("promises nothing while none is ticked", () => {
    expect(connectWords(0)).toBe("Connect accounts");
  });
});

describe("groupUnusable", () => {
  it("says once what many Pages lack, and keeps their order", () => {
    const page = (id: string, reason: AccountChoice["unusable"][number]["reason"]) => ({
      id,
      name: `Page ${id}`,
      reason,
    });
    const pages = [page("1", "no_page_task"), page("2", "no_instagram_account"), page("3", "no_page_task")];
    expect(groupUnusable(pages)).toEqual([
      {
        reason: "no_page_task",
        pages: [
          { id: "1", name: "Page 1" },
          { id: "3", name: "Page 3" },
        ],
      },
      { reason: "no_instagram_account", pages: [{ id: "2", name: "Page 2" }] },
    ]);
    expect(groupUnusable([])).toEqual([]);
  });
});

describe("EMPTY and UNUSABLE", () => {
  it("say why and what to do, in whole sentences and without blame", () => {
    const reasons = [...Object.values(EMPTY), ...Object.values(UNUSABLE)];
    const sentences = reasons.flatMap((reason) =>
      "cures" in reason ? [reason.why, ...reason.cures] : [reason.why, reason.cure],
    );
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toMatch(/!|oops|sorry|failed|invalid/i);
    }
    for (const { title, cures } of Object.values(EMPTY)) {
      expect(title).not.toMatch(/[.!]$/);
      expect(cures.length).toBeGreaterThan(0);
    }
  });

  it("name the permission that is missing", () => {
    expect(EMPTY.business_management_missing.why).toContain("business_management");
    expect(EMPTY.pages_show_list_missing.why).toContain("pages_show_list");
  });
});
