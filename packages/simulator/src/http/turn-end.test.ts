import { expect, it } from "vitest";
import { createTurnEnd } from "./turn-end.ts";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it("does the work of a turn at its end, in the order it came up", async () => {
  const done: string[] = [];
  const atTurnEnd = createTurnEnd();
  atTurnEnd(() => done.push("first"));
  queueMicrotask(() => atTurnEnd(() => done.push("second")));
  process.nextTick(() => atTurnEnd(() => done.push("third")));
  await Promise.resolve();
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual(["first", "second", "third"]);
});

it("leaves work that comes up at the end to the end of the next turn", async () => {
  const done: string[] = [];
  const atTurnEnd = createTurnEnd();
  atTurnEnd(() => {
    done.push("first");
    atTurnEnd(() => done.push("second"));
  });
  await nextTurn();
  expect(done).toEqual(["first"]);
  await nextTurn();
  expect(done).toEqual(["first", "second"]);
});
