import type { TestBrowser } from "@perennial/api/testing";

import type { Fleet } from "./fleet.ts";

/** What came of sign-ins that went on and on. */
export type SignInReport = {
  /** Connections whose sign-in was answered as done, by the api that did it. */
  readonly acknowledged: readonly { api: number; connectionId: string }[];
  /** Sign-ins that were told to come again later. */
  readonly postponed: number;
  /** Sign-ins that have to be begun again: a crash of the database may forget one that is under way. */
  readonly interrupted: number;
  /** Everything else. */
  readonly faults: readonly string[];
};

/** Sign-ins under way. */
export type SigningIn = { readonly report: SignInReport; stop(): Promise<SignInReport> };

/** New people sign in one after another, at every api, until they are told to stop. */
export function keepSigningIn(fleet: Fleet, atOnceAtEach = 2): SigningIn {
  const acknowledged: { api: number; connectionId: string }[] = [];
  const faults: string[] = [];
  const report = { acknowledged, faults, postponed: 0, interrupted: 0 };
  let isOver = false;

  const signInOnAndOn = async (api: number): Promise<void> => {
    while (!isOver) {
      const person = fleet.addGuest();
      try {
        const end = await signIn(fleet, fleet.newBrowser(api), person);
        if (typeof end === "string") report[end] += 1;
        else acknowledged.push({ api, ...end });
      } catch (error) {
        faults.push(error instanceof Error ? `${person} at api ${api}: ${error.message}` : String(error));
      }
    }
  };
  const running = Promise.all(
    fleet.apis.flatMap((_, api) => Array.from({ length: atOnceAtEach }, () => signInOnAndOn(api))),
  );
  return {
    report,
    stop: async () => {
      isOver = true;
      await running;
      return report;
    },
  };
}

type Answer = { data: Record<string, unknown> };
type Unfinished = "postponed" | "interrupted";

/** @throws for an answer that is none of those expected. */
async function signIn(
  { world }: Fleet,
  browser: TestBrowser,
  person: string,
): Promise<{ connectionId: string } | Unfinished> {
  const begun = await step(browser, "auth.begin", {});
  if (typeof begun === "string") return begun;
  const authorizationUrl = String(begun.data["authorizationUrl"]);
  const { search } = new URL(await world.sim.authorize({ authorizationUrl, user: person }));
  const completed = await step(browser, "auth.complete", { flavour: "instagram", query: search });
  if (typeof completed === "string") return completed;
  return { connectionId: String(completed.data["connectionId"]) };
}

async function step(browser: TestBrowser, name: string, input: object): Promise<Answer | Unfinished> {
  const answer = await browser.mutate(name, input);
  const text = await answer.text();
  if (answer.status === 200) return (JSON.parse(text) as { result: Answer }).result;
  if (answer.status === 503) return "postponed";
  if (/"reason":"sign_in_(?:interrupted|unknown)"/.test(text)) return "interrupted";
  throw new Error(`${name} answered ${answer.status}: ${text.slice(0, 300)}`);
}
