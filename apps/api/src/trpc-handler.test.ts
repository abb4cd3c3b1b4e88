import { describe, expect, it } from "vitest";

import { MUTATIONS } from "./testing/procedures.ts";
import { openTestApp } from "./testing/open-app.ts";

/** What no two answers have in common: request ids, and the addresses and cookies of fresh sign-ins. */
function withoutChance(text: string): string {
  return text
    .replace(/"requestId":"[0-9a-f-]{36}"/, '"requestId":"…"')
    .replace(/"authorizationUrl":"[^"]+"/, '"authorizationUrl":"…"');
}

describe("a mutation by itself", () => {
  it("is answered as tRPC's own adapter answers it, whatever it holds", async () => {
    await using app = await openTestApp();
    const bodies = [
      "{}",
      "null",
      "",
      "{",
      "[]",
      '{"id":5}',
      '{"unknown":1}',
      '{"flavour":"instagram","query":"x"}',
    ];
    let compared = 0;
    for (const procedure of MUTATIONS) {
      for (const body of bodies) {
        const answers = [];
        for (const query of ["", "?by=adapter"]) {
          const browser = app.newBrowser();
          const answer = await browser.request(`/trpc/${procedure}${query}`, {
            method: "POST",
            body,
            headers: { "content-type": "application/json" },
          });
          answers.push({
            status: answer.status,
            text: withoutChance(await answer.text()),
            type: answer.headers.get("content-type"),
            cacheControl: answer.headers.get("cache-control"),
            cookies: answer.headers.getSetCookie().length,
          });
        }
        expect(answers[0], `${procedure} ${body}`).toEqual(answers[1]);
        compared += 1;
      }
    }
    expect(compared).toBe(MUTATIONS.length * bodies.length);
  });
});
