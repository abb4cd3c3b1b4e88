import { describe, expect, it } from "vitest";

import { CURRENT_GRAPH_VERSION, ENDED, GRAPH_VERSIONS, standingOfGraphVersion } from "./dated-facts.ts";
import { RETIRED_SCOPES } from "./scopes.ts";

describe("versions of Meta's API", () => {
  it("warn within ninety days of their end, and tell it after", () => {
    const at = (instant: string) => standingOfGraphVersion("v21.0", new Date(instant));
    const endsAt = new Date("2027-01-21T00:00:00Z");
    expect(at("2026-10-22T00:00:00Z")).toEqual({ kind: "supported", endsAt });
    expect(at("2026-10-23T00:00:00Z")).toEqual({ kind: "ending", endsAt, daysLeft: 90 });
    expect(at("2027-01-20T12:00:00Z")).toEqual({ kind: "ending", endsAt, daysLeft: 1 });
    expect(at("2027-01-21T00:00:00Z")).toEqual({ kind: "ended", endsAt });
  });

  it("older than all that are known have ended; newer ones are not known", () => {
    const now = new Date("2026-11-28T00:00:00Z");
    expect(standingOfGraphVersion("v9.0", now)).toEqual({ kind: "ended", endsAt: null });
    expect(standingOfGraphVersion("v27.0", now)).toEqual({ kind: "unknown" });
    expect(standingOfGraphVersion(CURRENT_GRAPH_VERSION, now)).toEqual({ kind: "supported", endsAt: null });
  });

  it("are listed newest first, each ending after the one before it", () => {
    const ends = GRAPH_VERSIONS.map(({ endsAt }) => endsAt?.getTime() ?? Number.POSITIVE_INFINITY);
    expect(ends).toEqual([...ends].sort((left, right) => right - left));
    expect(GRAPH_VERSIONS[0]?.name).toBe(CURRENT_GRAPH_VERSION);
  });
});

describe("what has ended", () => {
  it("holds every scope that is retired, but for a misspelling", () => {
    const names = ENDED.flatMap((ended) => ended.names);
    const retired = [...RETIRED_SCOPES.keys()].filter((name) => !name.startsWith("instagram_business_"));
    expect(names).toEqual(expect.arrayContaining(retired));
  });
});
