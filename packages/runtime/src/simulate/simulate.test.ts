import { describe, expect, it } from "vitest";

import { ConfigError } from "../config.ts";
import { DEFAULT_SCENARIO, ScenarioError, type Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";

const { outageDays: _days, ...usual } = DEFAULT_SCENARIO;

/** A year of few connections, looked at a few times a day by a worker that hardly ever runs. */
const YEAR: Scenario = {
  ...usual,
  connections: 200,
  cron: "0 */6 * * *",
  missedShare: 0.8,
  outages: [{ startDay: 120, days: 20 }],
};
/** A quarter of many errors. */
const QUARTER: Scenario = {
  ...YEAR,
  connections: 60,
  days: 90,
  missedShare: 0.5,
  errorShare: 0.2,
  outages: [],
};

describe("a simulation", () => {
  it("WK-07 UP-06 keeps every connection for a year of missed runs, errors and an outage of 20 days", async () => {
    const report = await simulate(YEAR);
    expect(report).toMatchObject({ lost: 0, needlessPrompts: 0, lossBound: 3 / 200 });
    expect(report.lowestMarginDays).toBeGreaterThan(9);
    expect(report.calls.ideal).toBe(200 * 12);
    expect(report.renewals / report.calls.ideal).toBeLessThan(1.1);
    expect(report.perDay.mean).toBeCloseTo(200 / 29, 0);

    expect(report.breaker.openings).toBe(1);
    expect(report.breaker.probes).toBeGreaterThan(500);
    expect(report.alerts).toMatchObject({ "app.degraded": 1, "app.recovered": 1 });
    const [outage] = report.outages;
    expect(outage).toMatchObject({ startDay: 120, days: 20, tooLate: 0 });
    expect(outage?.heldBack).toBeGreaterThan(100);
    expect(outage?.heldBack).toBeLessThan(170);
    expect(outage?.highestPerMinute).toBeGreaterThan(50);
    expect(outage?.drainedInMinutes).toBeLessThan(2 * 24 * 60);
  });

  it("OB-02 reports what is lost in an outage longer than the lead, and that each was warned of before", async () => {
    const outages = [{ startDay: 50, days: 40 }];
    const report = await simulate({ ...YEAR, connections: 100, days: 100, outages });
    expect(report.lost).toBeGreaterThan(20);
    expect(report.lost).toBeLessThan(50);
    expect(report).toMatchObject({ lostUnwarned: 0, lossBound: null, needlessPrompts: 0 });
    expect(report.warnings["14"]).toBeGreaterThanOrEqual(report.lost);
    expect(report.alerts["connection.reconnect_required"]).toBe(report.lost);
    expect(report.outages[0]?.tooLate).toBe(report.lost);
  });

  it("gives the same figures for the same seed, and others for another", async () => {
    const figures = async (seed: number) => {
      const {
        seconds: _s,
        processorSeconds: _p,
        eventsPerSecond: _e,
        scenario: _c,
        ...rest
      } = await simulate({
        ...QUARTER,
        seed,
      });
      return rest;
    };
    const first = await figures(7);
    expect(await figures(7)).toEqual(first);
    expect(await figures(8)).not.toEqual(first);
  });

  it("tells how far it is, once a day", async () => {
    const seen: number[] = [];
    await simulate({ ...QUARTER, days: 10, missedShare: 0 }, ({ day }) => void seen.push(day));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("refuses what makes no sense, with every problem, and a schedule that no process would start with", async () => {
    const nonsense = {
      ...YEAR,
      days: 1,
      missedShare: 1,
      cron: "never",
      outages: [{ startDay: 0, days: -1 }],
    };
    const error: unknown = await simulate(nonsense).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScenarioError);
    expect(error).toMatchObject({ problems: { length: 4 } });
    const overlapping = [
      { startDay: 10, days: 10 },
      { startDay: 19, days: 1 },
    ];
    await expect(simulate({ ...YEAR, outages: overlapping })).rejects.toThrow("must not overlap");
    const refused = simulate({ ...YEAR, leadDays: 8, cron: "0 3 */2 * *" });
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(
      'a lead of 8 days less the longest gap of "0 3 */2 * *" (2.00 days) leaves 6.00 days',
    );
  });
});
