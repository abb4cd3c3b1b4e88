import { connect } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { openTestApp } from "./testing/open-app.ts";

describe("the metrics", () => {
  it("OB-01 BP-03 tell the fleet, what this process did and how long its loop was held up, and name nobody", async () => {
    await using app = await openTestApp();
    const { connectionId } = await connect(app, "acme.shop");
    app.sim.clock.advance({ days: 40 });
    await app.runtime.simulatorClock?.advance(0);
    await app.runtime.connections.refresh({ connectionId, userId: null, trigger: "api", force: false });
    const answer = await app.request("/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain");
    const page = await answer.text();
    for (const line of [
      'perennial_connections{state="active"} 1',
      'perennial_connections{state="failing"} 0',
      'perennial_connections{state="reconnect_required"} 0',
      'perennial_refreshes_total{outcome="refreshed"} 1',
      "perennial_queue_depth 0",
      "perennial_apps_paused 0",
      "perennial_workers 0",
      'perennial_sinks{state="failing"} 0',
      "nodejs_eventloop_lag_p99_seconds ",
    ]) {
      expect(page).toContain(line);
    }
    const figure = (name: string): number => Number(new RegExp(`^${name} (.+)$`, "m").exec(page)?.[1]);
    // Sixty days less our margin of five minutes and what Instagram's lives differ by.
    expect(Math.abs(figure("perennial_nearest_expiry_seconds") - 60 * 86_400)).toBeLessThan(600);
    expect(figure("perennial_lowest_chances_left")).toBe(30 * 96);
    expect(page).not.toMatch(/acme|con_|usr_|SIMTOK_/);
  });
});
