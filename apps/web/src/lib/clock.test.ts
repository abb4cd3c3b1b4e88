import { describe, expect, it } from "vitest";

import { serverNowMs } from "./clock.ts";

describe("serverNowMs", () => {
  const now = "2027-05-01T00:00:00.000Z";

  it("goes on from the server's instant by the time that passed here", () => {
    const answer = { data: { now }, dataUpdatedAt: 1_000_000 };
    expect(serverNowMs(answer, 1_000_000)).toBe(Date.parse(now));
    expect(serverNowMs(answer, 1_090_000)).toBe(Date.parse(now) + 90_000);
  });

  it("does not run backwards when the answer is newer than the last tick", () => {
    expect(serverNowMs({ data: { now }, dataUpdatedAt: 1_005_000 }, 1_000_000)).toBe(Date.parse(now));
  });

  it("keeps the clock of this device until there is an answer", () => {
    expect(serverNowMs({ data: undefined, dataUpdatedAt: 0 }, 42)).toBe(42);
  });
});
