import { expect, it } from "vitest";
import { createClock } from "./clock.ts";

function fakeReality() {
  const reality = { ms: 1_000_000 };
  return { reality, clock: createClock(() => reality.ms) };
}

it("follows real time until it is told otherwise", () => {
  const { reality, clock } = fakeReality();
  reality.ms += 500;
  expect(clock.state()).toEqual({ nowMs: 1_000_500, offsetMs: 0, rate: 1 });
});

it("advances by every unit at once, and back", () => {
  const { clock } = fakeReality();
  clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4, ms: 5 });
  expect(clock.nowMs() - 1_000_000).toBe(93_784_005);
  clock.advance({ ms: -93_784_005 });
  expect(clock.nowMs()).toBe(1_000_000);
});

it("runs fast, stands still, and goes on from where it stood when the rate changes", () => {
  const { reality, clock } = fakeReality();
  clock.set({ rate: 8640 });
  reality.ms += 10_000;
  expect(clock.nowMs() - 1_000_000).toBe(86_400_000);
  clock.set({ rate: 0 });
  reality.ms += 10_000;
  expect(clock.nowMs() - 1_000_000).toBe(86_400_000);
  clock.set({ rate: 1 });
  reality.ms += 1;
  expect(clock.nowMs() - 1_000_000).toBe(86_400_001);
});

it("sets an offset from real time as of now", () => {
  const { reality, clock } = fakeReality();
  clock.advance({ days: 3 });
  reality.ms += 1000;
  clock.set({ offsetMs: -5000 });
  expect(clock.state()).toEqual({ nowMs: 996_000, offsetMs: -5000, rate: 1 });
});

it("refuses settings that are no usable numbers and stays as it was", () => {
  const { clock } = fakeReality();
  for (const settings of [{ rate: -1 }, { rate: Number.NaN }, { offsetMs: Number.POSITIVE_INFINITY }]) {
    expect(() => clock.set(settings)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  }
  expect(() => clock.advance({ days: 1e12 })).toThrow(expect.objectContaining({ code: "invalid_input" }));
  expect(clock.state()).toEqual({ nowMs: 1_000_000, offsetMs: 0, rate: 1 });
});

it("goes on from where a saved clock would be, and never before", () => {
  const saved = { nowMs: 5_000_000, offsetMs: 4_000_000 }; // saved at the real instant 1 000 000
  const awayMs = 60_000;
  const cases = [
    { rate: 1, realMs: 1_000_000 + awayMs, nowMs: 5_000_000 + awayMs },
    { rate: 8640, realMs: 1_000_000 + awayMs, nowMs: 5_000_000 + awayMs }, // no years overnight
    { rate: 0.5, realMs: 1_000_000 + awayMs, nowMs: 5_000_000 + awayMs / 2 },
    { rate: 0, realMs: 1_000_000 + awayMs, nowMs: 5_000_000 },
    { rate: 1, realMs: 900_000, nowMs: 5_000_000 }, // the machine's clock was set back
  ];
  for (const { rate, realMs, nowMs } of cases) {
    const reality = { ms: realMs };
    const clock = createClock(() => reality.ms);
    clock.restore({ ...saved, rate });
    expect(clock.state()).toEqual({ nowMs, offsetMs: nowMs - realMs, rate });
    reality.ms += 1000;
    expect(clock.nowMs()).toBe(nowMs + 1000 * rate);
  }
});

it("does not take up a state no clock can be in", () => {
  const { clock } = fakeReality();
  for (const state of [
    { nowMs: 0, offsetMs: 0, rate: -1 },
    { nowMs: 9e15, offsetMs: 0, rate: 1 },
    { nowMs: 0, offsetMs: 9e15, rate: 1 },
  ]) {
    expect(() => clock.restore(state)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  }
  expect(clock.state()).toEqual({ nowMs: 1_000_000, offsetMs: 0, rate: 1 });
});
