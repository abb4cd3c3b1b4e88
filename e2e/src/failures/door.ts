import { expect, type Page } from "@playwright/test";

import type { House } from "../house.ts";
import type { Case } from "./case.ts";

/** After so long Meta may be asked anew about any failure, also one of a throttle. */
const EVIDENCE_RESTS_HOURS = 1;

/** The way to our callback page without the simulator's own pages: those have their own journeys. */
export type Door = {
  /** Signs somebody in as the case says, up to the page that the browser is sent back to. */
  arrive(one: Omit<Case, "id" | "what" | "ends">): Promise<void>;
  /** Ends what the case began, and forgets whoever signed in. What became of people at the company stays. */
  leave(): Promise<void>;
};

type Place = { page: Page; house: House; flavour: "instagram" | "facebook"; person: string };

/** Opens it for people of one login. */
export function openDoor({ page, house, flavour, person }: Place): Door {
  const mutate = async (procedure: string, data: object): Promise<unknown> => {
    const answer = await page.request.post(`${house.appUrl}/trpc/${procedure}`, {
      headers: { "sec-fetch-site": "same-origin", origin: house.appUrl, "x-perennial-client": "web" },
      data,
    });
    expect(answer.status()).toBe(200);
    return ((await answer.json()) as { result: { data: unknown } }).result.data;
  };
  const beginSignIn = async (): Promise<string> =>
    ((await mutate("auth.begin", { flavour })) as { authorizationUrl: string }).authorizationUrl;
  const begun: string[] = [];
  let policyBefore: object | null = null;
  return {
    arrive: async ({ faults = [], policy, meanwhile, ...one }) => {
      if (policy !== undefined) {
        policyBefore = await house.truth<object>("policy");
        await house.control("policy", policy);
      }
      for (const fault of faults) begun.push((await house.control<{ id: string }>("faults", fault)).id);
      const { redirect } = await house.control<{ redirect: string }>("authorize", {
        authorization_url: await beginSignIn(),
        user: one.person ?? person,
        decision: one.decision ?? "allow",
        untick: one.untick ?? [],
      });
      if (meanwhile !== undefined) await house.control(...meanwhile);
      await page.goto(redirect, { waitUntil: "commit" });
    },
    leave: async () => {
      for (const fault of begun.splice(0)) await house.endFault(fault);
      if (policyBefore !== null) await house.control("policy", policyBefore);
      policyBefore = null;
      // Asked of the api, which answers once it follows: by its own clock the next case has to be a later one.
      await mutate("simulator.advance", { hours: EVIDENCE_RESTS_HOURS });
      await house.database.clear();
      await page.context().clearCookies();
    },
  };
}
