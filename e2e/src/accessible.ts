import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

type Violation = { id: string; nodes: { html: string }[] };

/** Finds nothing with axe on a page, and nothing that hangs over its side. */
export async function expectAccessible(page: Page): Promise<void> {
  // The other mode is for frames of other origins, which no page here has, and opens a page each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  await expectNothing(page, violations);
}

/** The same on a phone and on a desk, by day and by night, as the page stands: nothing is begun anew for it. */
export async function expectAccessibleInEveryLook(page: Page): Promise<void> {
  let isFirst = true;
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 780 });
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (isFirst) await expectAccessible(page);
      else await expectNothing(page, await lookAgain(page));
      isFirst = false;
    }
  }
}

/** Runs the axe that the first look has left in the page: bringing it costs more than running it. */
async function lookAgain(page: Page): Promise<Violation[]> {
  return await page.evaluate(async () => {
    const axe = Reflect.get(window, "axe") as { run(): Promise<{ violations: Violation[] }> };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
  });
}

async function expectNothing(page: Page, violations: readonly Violation[]): Promise<void> {
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}
