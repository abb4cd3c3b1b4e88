import type { InstagramError } from "@perennial/instagram";
import { UPSTREAM_ANSWERS, type UpstreamAnswer } from "@perennial/instagram/testing";
import { beforeAll, describe, expect, it } from "vitest";

import { CATALOGUE_OF_REASONS, catalogueEntry } from "./catalogue/catalogue.ts";
import { failureOf, type FailureClass } from "./failure-classes.ts";

/** An answer with what became of it. */
type Sorted = UpstreamAnswer & { error: InstagramError; class: FailureClass | null };

/** What a refresh that fails so is followed by, from what the table says of the answer. */
function classOf({ code, flags }: UpstreamAnswer): FailureClass {
  if (flags === "reauth" || code === "account_not_eligible") return "reconnect";
  if (code === "rate_limited" || code === "token_too_young") return "wait";
  const isOfOperator = ["app_not_available", "invalid_client", "permission_missing"].includes(code);
  return isOfOperator ? "operator" : "retry"; // whatever nobody knows, too: it is never a reason to reconnect
}

const ENDED_BY = {
  time: "time",
  person: "the person",
  operator: "whoever runs the site",
  caller: "whoever sent it",
} as const;

describe("UP-02 what Meta answers", () => {
  const sorted: Sorted[] = [];
  beforeAll(async () => {
    for (const answer of UPSTREAM_ANSWERS) {
      const error = await answer.ask();
      sorted.push({ ...answer, error, class: failureOf(error)?.class ?? null });
    }
  });

  it("is told apart in more than 60 answers of both logins, each with its category and its class", () => {
    expect(sorted.length).toBeGreaterThan(60);
    for (const login of ["instagram", "facebook"])
      expect(sorted.filter((one) => one.login === login).length).toBeGreaterThan(30);
    for (const one of sorted)
      expect([one.login, one.what, one.error.code, one.class]).toEqual([
        one.login,
        one.what,
        one.code,
        classOf(one),
      ]);
  });

  it("has an entry in the catalogue each time, which says who can end it and how", () => {
    for (const { what, code, error } of sorted) {
      expect(Object.keys(CATALOGUE_OF_REASONS), what).toContain(error.reason);
      const { meaning, causes, steps, endedBy } = catalogueEntry(code, error.reason);
      expect([what, meaning.length > 0, causes.length > 0]).toEqual([what, true, true]);
      if (endedBy === "person" || endedBy === "operator")
        expect([what, steps[endedBy].length > 0]).toEqual([what, true]);
    }
  });

  it("is the table of the documentation", async () => {
    const rows = sorted.map(({ login, what, error, class: followed }) => {
      const { code, reason, operation } = error;
      const { endedBy } = catalogueEntry(code, reason);
      // No renewal is made of a code: whoever signs in is told, and begins again.
      const named = operation === "exchange_code" ? "" : (followed ?? "");
      const company = login === "instagram" ? "Instagram" : "Facebook";
      return [company, what, operation, `\`${code}\``, `\`${reason}\``, named, ENDED_BY[endedBy]];
    });
    const page = `${INTRODUCTION}\n\n${table([COLUMNS, ...rows])}\n`;
    await expect(page).toMatchFileSnapshot("../../../docs/upstream-answers.md");
  });
});

const COLUMNS = ["login", "what is answered", "to", "code", "reason", "class", "ended by"];

/** As the formatter would have it. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

const INTRODUCTION = `# What Meta answers, and what follows

Every answer of Instagram and Facebook that the tests know, by the call it was given to: the code that Perennial makes
of it, the reason beneath that, and the class, which decides what follows a renewal that fails so (see
[keeping connections alive](keeping-connections-alive.md#what-a-failure-is-followed-by)). Causes and cures of each
reason are on the page of [errors](errors.md). What is not here is \`unknown\`, and tried again. This page is made by a
test.`;
