import { startPostgresServer, type PostgresServer } from "@perennial/db/testing";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

import { postgresOn, type Engine } from "./databases.ts";
import { openHouse, type House } from "./house.ts";
import { startAlertReceiver, type AlertReceiver } from "./receiver.ts";

type Fixtures = {
  house: House;
  /** Where the house sends its alerts. */
  receiver: AlertReceiver;
};
type WorkerFixtures = {
  /** The house of all journeys that one process makes, with where it sends its alerts. */
  home: { house: House; receiver: AlertReceiver };
  /** On what the houses of a project stand. */
  engine: Engine;
  /** A Postgres server, started when a journey first asks for it; null where none is needed. */
  houseServer: PostgresServer | null;
};

/** A journey: a house in which nobody has been before, and a page that stands on its doorstep. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  engine: ["sqlite", { option: true, scope: "worker" }],
  houseServer: [
    async ({ engine }, use) => {
      if (engine === "sqlite") return await use(null);
      await using server = await startPostgresServer();
      return await use(server);
    },
    { scope: "worker" },
  ],
  home: [
    async ({ houseServer }, use) => {
      await using receiver = await startAlertReceiver();
      const openDatabase = () => (houseServer === null ? null : postgresOn(houseServer));
      await using house = await openHouse(openDatabase, receiver.settings);
      await use({ house, receiver });
    },
    { scope: "worker" },
  ],
  house: async ({ home }, use) => {
    await home.house.renew();
    await use(home.house);
  },
  receiver: async ({ home }, use) => {
    home.receiver.forget();
    await use(home.receiver);
  },
});

export { expect };

/** From the first page through the consent page and back, as a person does it. */
export async function signIn(page: Page, house: House, account = "acme.shop"): Promise<void> {
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Instagram" }).click();
  await chooseAccount(page, account);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByRole("heading", { name: "Connections", level: 1 }).waitFor(); // sees it sooner than `expect` does
}

/** From the connections to the consent page of either login, for one account more. */
export async function addAccount(page: Page, company: "Instagram" | "Facebook" = "Instagram"): Promise<void> {
  await page.getByRole("button", { name: "Add an account" }).click();
  await page.getByRole("menuitem", { name: `Continue with ${company}` }).click();
}

/** Picks who to be on the simulator's consent page. */
export async function chooseAccount(page: Page, account: string): Promise<void> {
  await page.getByRole("radio", { name: account }).check();
}

/** How often the simulator was asked for one thing. */
export async function asked(house: House, endpoint: string): Promise<number> {
  const ledger = await house.truth<{ entries?: LedgerEntry[] } | LedgerEntry[]>("ledger");
  const entries = Array.isArray(ledger) ? ledger : (ledger.entries ?? []);
  return entries.filter((entry) => entry.endpoint === endpoint).length;
}

type LedgerEntry = { endpoint: string };

/** Every address a context's pages navigate to or ask for. */
export function recordAddresses(context: BrowserContext): string[] {
  const addresses: string[] = [];
  context.on("request", (request) => addresses.push(request.url()));
  return addresses;
}
