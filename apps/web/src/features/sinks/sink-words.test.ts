import { describe, expect, it } from "vitest";

import { receiptWords, sinkLook, sinksPollMs } from "./sink-words.ts";

const NOW = Date.UTC(2027, 2, 12, 12, 0);
const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();

describe("sinkLook", () => {
  it("says present only of the present token", () => {
    const delivered = { state: "delivered", nextDeliveryAt: null } as const;
    expect(sinkLook({ ...delivered, isCurrent: true }).word).toBe("Has the present token");
    expect(sinkLook({ ...delivered, isCurrent: false }).word).toBe("Has an older token");
  });

  it("tells what is tried again from what is not", () => {
    expect(sinkLook({ state: "waiting", isCurrent: false, nextDeliveryAt: at(0) }).word).toBe("On its way");
    expect(sinkLook({ state: "failing", isCurrent: false, nextDeliveryAt: at(60) }).word).toBe(
      "Not delivered",
    );
    expect(sinkLook({ state: "failing", isCurrent: false, nextDeliveryAt: null }).word).toBe("Stopped");
  });
});

describe("receiptWords", () => {
  const problem = { code: "sink_refused", message: "", cure: "", at: null } as never;

  it("names the status where there was one", () => {
    expect(receiptWords({ problem: null, httpStatus: 204 })).toBe("Delivered (HTTP 204)");
    expect(receiptWords({ problem, httpStatus: 500 })).toBe("Not delivered (HTTP 500)");
    expect(receiptWords({ problem, httpStatus: null })).toBe("Not delivered");
  });
});

describe("sinksPollMs", () => {
  it("looks every second while an attempt is near, and rarely otherwise", () => {
    expect(sinksPollMs([], NOW)).toBe(30_000);
    expect(sinksPollMs([{ nextDeliveryAt: null }, { nextDeliveryAt: at(600) }], NOW)).toBe(30_000);
    expect(sinksPollMs([{ nextDeliveryAt: at(-1) }], NOW)).toBe(1_000);
    expect(sinksPollMs([{ nextDeliveryAt: at(9) }], NOW)).toBe(1_000);
  });
});
