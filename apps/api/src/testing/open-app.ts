import { openTestWorld, type TestWorld } from "@perennial/runtime/testing";

import { createApp } from "../app.ts";
import { TestBrowser } from "./test-browser.ts";

/** A world with the api over it, in process. */
export type TestApp = TestWorld & {
  newBrowser(): TestBrowser;
  /** A request of something that is no browser. */
  request(path: string, init?: RequestInit): Promise<Response>;
};

/** Opens the api for one test; an https address makes the cookies of production. */
export async function openTestApp(
  options: Parameters<typeof openTestWorld>[0] & { webRoot?: string; mostAtOnce?: number } = {},
): Promise<TestApp> {
  const world = await openTestWorld(options);
  const { connections, processId, config } = world.runtime;
  const heartbeat = await world.runtime.beat("api");
  const sweepRuns = connections.sweepRuns({ processId, concurrency: config.schedule.concurrency });
  const { app } = await createApp(world.runtime, {
    webRoot: options.webRoot ?? null,
    sweepRuns,
    ...(options.mostAtOnce === undefined ? {} : { mostAtOnce: options.mostAtOnce }),
    isAccepting: () => true,
  });
  return {
    ...world,
    request: async (path, init) => await app.request(path, init),
    [Symbol.asyncDispose]: async () => {
      await sweepRuns.stop();
      await heartbeat.stop();
      await world[Symbol.asyncDispose]();
    },
    newBrowser: () => new TestBrowser((request) => app.fetch(request), world.config.appUrl),
  };
}
