import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { createVirtualClock } from "./virtual-clock.ts";

const isIdle = (): boolean => false;

describe("the virtual clock", () => {
  it("jumps from one sleeper to the next, and lets those of one instant wake in the order they fell asleep", async () => {
    const clock = createVirtualClock(1_000);
    const woken: string[] = [];
    const sleep = async (name: string, durationMs: number): Promise<void> => {
      await clock.sleep(durationMs);
      woken.push(`${name} ${clock.nowMs()}`);
    };
    await clock.run(Promise.all([sleep("late", 900_000), sleep("a", 500), sleep("b", 500)]), isIdle);
    expect(woken).toEqual(["a 1500", "b 1500", "late 901000"]);
  });

  it("stands still while something else is waited for", async () => {
    const clock = createVirtualClock(0);
    let isBusy = true;
    const other = async (): Promise<number> => {
      await delay(5);
      isBusy = false;
      return clock.nowMs();
    };
    const [at] = await clock.run(Promise.all([other(), clock.sleep(60_000)]), () => isBusy);
    expect([at, clock.nowMs()]).toEqual([0, 60_000]);
  });

  it("says so instead of waiting for ever", async () => {
    const never = new Promise<void>(() => undefined);
    await expect(createVirtualClock(0).run(never, isIdle)).rejects.toThrow("never end");
  });

  it("never moves back", () => {
    const clock = createVirtualClock(1_000);
    clock.moveTo(500);
    expect(clock.now()).toEqual(new Date(1_000));
  });
});
