import { describe, expect, it } from "vitest";

import { createCallSlots, createPass, type CallSlots } from "./call-slots.ts";

/** Asks for so many slots, and tells which were given so far. */
function ask(slots: CallSlots, count: number): (boolean | null)[] {
  const answers: (boolean | null)[] = Array.from({ length: count }, () => null);
  for (const index of answers.keys())
    void slots.acquire().then((isGiven) => {
      answers[index] = isGiven;
    });
  return answers;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the slots of a sweep's calls", () => {
  it("begin with a few, grow with each call that goes well, and never beyond the most", async () => {
    const slots = createCallSlots(2, 4);
    const answers = ask(slots, 6);
    await settled();
    expect(answers).toEqual([true, true, null, null, null, null]);
    for (let call = 0; call < 5; call += 1) slots.adapt(true);
    await settled();
    expect(answers).toEqual([true, true, true, true, null, null]);
    slots.release();
    await settled();
    expect(answers).toEqual([true, true, true, true, true, null]);
  });

  it("shrink with each call that fails, to one at least", async () => {
    const slots = createCallSlots(4, 4);
    for (let call = 0; call < 10; call += 1) slots.adapt(false);
    expect(slots.size).toBe(1);
    const answers = ask(slots, 2);
    await settled();
    expect(answers).toEqual([true, null]);
  });

  it("refuse whoever waits once they are closed, and whoever comes then", async () => {
    const slots = createCallSlots(1, 1);
    const answers = ask(slots, 2);
    slots.close();
    const late = ask(slots, 1);
    await settled();
    expect([...answers, ...late]).toEqual([true, false, false]);
  });

  it("are left once, however often that is said, and kept from whoever may not call any more", async () => {
    const slots = createCallSlots(1, 1);
    let left = 0;
    let mayCall = false;
    const pass = createPass(slots, { mayCall: () => mayCall, onLeft: () => void (left += 1) });
    expect(await pass.enter()).toBe(false);
    expect(pass.isRefused).toBe(true);
    pass.leave();
    pass.leave();
    expect(left).toBe(1);
    mayCall = true;
    const next = createPass(slots, { mayCall: () => mayCall, onLeft: () => undefined });
    expect(await next.enter()).toBe(true);
  });
});
