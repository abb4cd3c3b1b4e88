import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";

import { buildProgram } from "./program.ts";

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const into = (name: keyof typeof written): Writable =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written[name] += chunk.toString();
        done();
      },
    });
  const code = await buildProgram({ out: into("out"), err: into("err") }).run(["simulate", ...args]);
  return { code, ...written };
}

/** Few connections, few runs. */
const SHORT = ["--connections", "20", "--days", "70", "--cron", "0 */6 * * *"];

describe("perennial simulate", () => {
  it("shows the figures as a table for people, and ends with 0 when all is well", async () => {
    const { code, out, err } = await run(...SHORT, "--outage", "1@20");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/lost +0 +of 20; with 95 % certainty less than 3\/N = 15 %/);
    expect(out).toMatch(/needless reconnect prompts +0/);
    expect(out).toMatch(/outage +1 days +from day 20; \d+ held back/);
    expect(
      Math.max(
        ...out
          .split("\n")
          .slice(1)
          .map((line) => line.length),
      ),
    ).toBeLessThan(165);
  });

  it("prints JSON for scripts, and ends with 1 when tokens were lost", async () => {
    const { code, out } = await run(...SHORT, "--outage", "39@30", "--miss", "0.8", "--json", "--seed", "3");
    const report: unknown = JSON.parse(out);
    expect(code).toBe(1);
    expect(report).toMatchObject({ lostUnwarned: 0, needlessPrompts: 0, scenario: { seed: 3 } });
    expect(report).not.toMatchObject({ lost: 0 });
  });

  it("takes several outages, and none", async () => {
    const two = await run(...SHORT, "--outage", "1@20", "--outage", "0.5@40.5", "--json");
    expect(JSON.parse(two.out)).toMatchObject({ outages: [{ startDay: 20 }, { startDay: 40.5, days: 0.5 }] });
    const none = await run(...SHORT, "--outage", "0", "--json");
    expect(JSON.parse(none.out)).toMatchObject({ outages: [], breaker: { probes: 0 } });
  });

  it.each([
    [["--days", "many"], "It has to be a number"],
    [["--outage", "20@"], "It has to be days, or days@first day"],
    [["--miss", "1"], "a share from 0 to less than 1"],
    [["--days", "30.5"], "the number of days has to be a whole number"],
    [["--outage", "5@10", "--outage", "5@14"], "two outages must not overlap"],
    [["--cron", "nonsense"], "is not a cron expression that ever runs"],
    [["--nonsense"], "unknown option"],
  ])("ends with 2 and a sentence on %j", async (args, sentence) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });

  it("refuses a schedule that cannot survive seven days, as every start would, with the arithmetic", async () => {
    const { code, err } = await run("--lead", "10", "--cron", "0 3 * * 1");
    expect(code).toBe(5);
    expect(err).toContain(
      'a lead of 10 days less the longest gap of "0 3 * * 1" (7.00 days) leaves 3.00 days',
    );
  });
});
