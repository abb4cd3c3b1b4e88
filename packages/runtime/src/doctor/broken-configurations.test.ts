import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Broken } from "./testing/broken.ts";
import { OF_SECRETS, OF_SETTINGS } from "./testing/broken-settings.ts";
import { OF_META, OF_THE_DATABASE, OF_THE_SITE } from "./testing/broken-surroundings.ts";
import { beatWorker, setUpSoundInstallation, type SoundInstallation } from "./testing/sound-installation.ts";

const ALL: readonly Broken[] = [
  ...OF_SETTINGS,
  ...OF_SECRETS,
  ...OF_META,
  ...OF_THE_SITE,
  ...OF_THE_DATABASE,
];

let installation: SoundInstallation;
beforeAll(async () => {
  installation = await setUpSoundInstallation();
});
afterAll(() => installation[Symbol.asyncDispose]());

describe("the doctor", () => {
  it("finds a right configuration all green, whatever there is to check", async () => {
    await beatWorker(installation.store);
    const checks = await installation.look();
    expect(checks.filter(({ level }) => level !== "green")).toEqual([]);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    expect(new Set(checks.map(({ group }) => group)).size).toBe(12);
  });

  it("knows at least twenty broken configurations", () => {
    expect(ALL.length).toBeGreaterThanOrEqual(20);
  });

  it.each(ALL)("finds $what and names it", async ({ change = {}, site, folder, found }) => {
    await beatWorker(installation.store);
    const changed = typeof change === "function" ? await change(installation) : change;
    const checks = await installation.look(changed, {
      ...(site !== undefined && { site }),
      ...(folder !== undefined && { folder: folder(installation) }),
    });
    for (const [id, level, message] of found) {
      const check = checks.find((each) => each.id === id);
      expect(check).toMatchObject({ id, level, message: expect.stringMatching(message) });
      expect(check?.cure).not.toBeNull();
    }
    // Nothing else is made out to be wrong: a database other than the worker's has no worker.
    const others = checks.filter(
      ({ id, level }) =>
        (level === "red" || level === "amber") &&
        id !== "workers.running" &&
        !found.some(([expected]) => expected === id),
    );
    expect(others).toEqual([]);
    const said = JSON.stringify(checks);
    for (const [name, value] of Object.entries({ ...installation.environment, ...changed }))
      if (/SECRET|KEYS/.test(name) && (value ?? "").length > 8) expect(said).not.toContain(value);
  });
});
