import { describe, expect, it } from "vitest";

import {
  CURRENT_GRAPH_VERSION,
  ENDINGS,
  GRAPH_VERSIONS,
  INSTAGRAM_ORIGINS,
  INSTAGRAM_SCOPES,
  standingOfGraphVersion,
  standingOfName,
} from "./dated-facts.ts";
import { createInstagramLogin } from "./instagram-login.ts";

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
  const now = new Date("2026-11-28T00:00:00Z");

  it("tells since when, and what to use instead", () => {
    expect(standingOfName("scope", "business_basic", now)).toEqual({
      kind: "ended",
      endsAt: new Date("2025-01-27T00:00:00Z"),
      instead: "instagram_business_basic",
    });
    expect(standingOfName("login_page", "https://api.instagram.com", now)).toMatchObject({ kind: "ended" });
    expect(standingOfName("scope", "instagram_business_basic", now)).toBeNull();
    expect(standingOfName("login_page", INSTAGRAM_ORIGINS.authorize, now)).toBeNull();
  });

  it("was warned of within ninety days before", () => {
    const at = (instant: string) => standingOfName("scope", "user_media", new Date(instant))?.kind;
    expect(at("2024-09-04T00:00:00Z")).toBe("supported");
    expect(at("2024-09-05T00:00:00Z")).toBe("ending");
    expect(at("2024-12-04T00:00:00Z")).toBe("ended");
  });

  it("holds each name once, and nothing that is to be used instead", () => {
    const names = ENDINGS.map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    const current = new Set<string>(INSTAGRAM_SCOPES.map(({ name }) => name));
    for (const { kind, instead } of ENDINGS)
      expect(kind === "scope" ? current.has(instead) : instead === INSTAGRAM_ORIGINS.authorize).toBe(true);
  });

  it("is refused before a person is sent away with it", () => {
    const login = createInstagramLogin({ app: { clientId: "1", clientSecret: "s" } });
    const request = { redirectUri: "https://app.example.com/cb", state: "s" };
    for (const { name } of ENDINGS.filter(({ kind }) => kind === "scope"))
      expect(() => login.authorizationUrl({ ...request, scopes: [name] })).toThrow(
        /^The scope \w+ is one that Meta has ended: ask for instagram_business_\w+\.$/,
      );
  });
});
