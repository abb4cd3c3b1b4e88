import { openTestWorld, type TestWorld } from "@perennial/runtime/testing";

import { createApp } from "../app.ts";
import { TestBrowser } from "./test-browser.ts";

/** A world with the api over it, in process. */
export type TestApp = TestWorld & { newBrowser(): TestBrowser };

/** Opens the api for one test; an https address makes the cookies of production. */
export async function openTestApp(
  options: Parameters<typeof openTestWorld>[0] & { webRoot?: string } = {},
): Promise<TestApp> {
  const world = await openTestWorld(options);
  const app = await createApp(world.runtime, { webRoot: options.webRoot ?? null, isAccepting: () => true });
  return {
    ...world,
    newBrowser: () => new TestBrowser((request) => app.fetch(request), world.config.appUrl),
  };
}
