import { expect, type Page } from "@playwright/test";

import type { House } from "./house.ts";

/** The heading of the page on which accounts are chosen. */
export const CHOICE = { name: "Which accounts do you want to connect?", level: 1 };

/** At the simulated Facebook's dialog: who to be, and yes, but for what is unticked. */
export async function allow(page: Page, person: string, unticked: readonly string[] = []): Promise<void> {
  await page.getByRole("radio", { name: person }).first().check();
  for (const scope of unticked) await page.getByRole("checkbox", { name: scope }).uncheck();
  await page.getByRole("button", { name: "Allow" }).click();
}

/** From the first page to Facebook and back, as somebody there. */
export async function continueWithFacebook(
  page: Page,
  house: House,
  person: string,
  unticked: readonly string[] = [],
): Promise<void> {
  await page.goto(house.appUrl);
  await page.getByRole("button", { name: "Continue with Facebook" }).click();
  await allow(page, person, unticked);
}

/** Maya connects two of the three accounts that her Pages carry. */
export async function connectTwo(page: Page, house: House): Promise<void> {
  await continueWithFacebook(page, house, "Maya Brandt");
  await expect(page.getByRole("heading", CHOICE)).toBeVisible();
  await page.getByRole("checkbox", { name: /@north\.roasters/ }).uncheck();
  await page.getByRole("button", { name: /^Connect 2/ }).click();
  await expect(page.getByRole("heading", { name: "Connections", level: 1 })).toBeVisible();
}
