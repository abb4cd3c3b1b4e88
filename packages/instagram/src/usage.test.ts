import { describe, expect, it } from "vitest";

import { parseUsageHeaders } from "./usage.ts";

const BUSINESS =
  '{"17841400000000123":[{"type":"instagram","call_count":100,"total_cputime":25,"total_time":26,"estimated_time_to_regain_access":19}],"17841400000000124":[{"type":"messaging","call_count":1}]}';

describe("usage headers", () => {
  it("are read whatever the case of their names", () => {
    const report = parseUsageHeaders({
      "X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":24}',
      "X-BUSINESS-use-case-usage": BUSINESS,
    });
    expect(report).toEqual({
      app: { callCountPercent: 28, timePercent: 25, cpuPercent: 24 },
      businessUseCase: [
        {
          accountId: "17841400000000123",
          type: "instagram",
          callCountPercent: 100,
          cpuPercent: 25,
          timePercent: 26,
          estimatedMinutesToRegainAccess: 19,
        },
        {
          accountId: "17841400000000124",
          type: "messaging",
          callCountPercent: 1,
          cpuPercent: 0,
          timePercent: 0,
          estimatedMinutesToRegainAccess: 0,
        },
      ],
    });
  });

  it("are nothing when there are none", () => {
    expect(parseUsageHeaders({ date: "today" })).toBeUndefined();
  });

  it.each([
    "",
    "x",
    "{",
    "null",
    "[]",
    "7",
    '"a"',
    "{}",
    '{"call_count":"x"}',
    '{"call_count":-1}',
    '{"call_count":null}',
  ])("are ignored quietly when the app's is %j", (value) => {
    expect(parseUsageHeaders({ "x-app-usage": value })).toBeUndefined();
  });

  it.each([
    "{",
    "[]",
    '{"x":[{"type":"a","call_count":1}]}',
    '{"1":{}}',
    '{"1":[null,7]}',
    '{"1":[{"call_count":1}]}',
    '{"1":[{"type":"a\\nb","call_count":1}]}',
  ])("are ignored quietly when the accounts' is %j", (value) => {
    expect(parseUsageHeaders({ "x-business-use-case-usage": value })).toBeUndefined();
  });

  it("hold 32 entries at most", () => {
    const list = Array.from({ length: 100 }, () => ({ type: "instagram", call_count: 1 }));
    const report = parseUsageHeaders({ "x-business-use-case-usage": JSON.stringify({ "1": list }) });
    expect(report?.businessUseCase).toHaveLength(32);
  });
});
