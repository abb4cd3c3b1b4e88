import { describe, expect, it } from "vitest";

import { addressForTerminal, isForTerminal, takeCallback } from "./arrived-callback.ts";

const ATTEMPT = "AbCdEfGh01234_-x";
const SECRET = "s".repeat(32);
const INSTAGRAM = "/auth/instagram/callback";

describe("takeCallback", () => {
  it("OA-14 leaves the attempt's id in the address and nothing else", () => {
    const search = `?code=AQBx-code&state=${ATTEMPT}.${SECRET}&extra=1`;
    const { arrived, cleanAddress } = takeCallback({ pathname: INSTAGRAM, search });
    expect(cleanAddress).toBe(`${INSTAGRAM}?attempt=${ATTEMPT}`);
    expect(arrived).toEqual({ flavour: "instagram", query: search.slice(1), attemptId: ATTEMPT });
  });

  it("OA-14 cleans the address whatever arrived", () => {
    const searches = [
      `?code=c&state=${SECRET}`,
      `?code=c&state=${ATTEMPT}x.${SECRET}`,
      `?code=c&state=.${SECRET}`,
      `?code=c&state=%E0%A4%A`,
      `?code=c`,
      `?error=access_denied&error_reason=user_denied&error_description=The+user`,
      `?attempt=<script>&code=c`,
      `?%00=%00`,
    ];
    for (const search of searches) {
      const { arrived, cleanAddress } = takeCallback({ pathname: INSTAGRAM, search });
      expect(cleanAddress).toBe(INSTAGRAM);
      expect(arrived).toEqual({ flavour: "instagram", query: search.slice(1), attemptId: null });
    }
  });

  it("hands on the query exactly as it arrived, encodings and repetitions included", () => {
    const search = `?state=${ATTEMPT}.a%2Bb&code=a+b%20c&code=second`;
    expect(takeCallback({ pathname: INSTAGRAM, search }).arrived?.query).toBe(search.slice(1));
  });

  it("OA-12 takes a refusal for what it is, with the attempt it belongs to", () => {
    const search = `?error=access_denied&error_reason=user_denied&state=${ATTEMPT}.${SECRET}`;
    expect(takeCallback({ pathname: "/auth/facebook/callback", search })).toMatchObject({
      arrived: { flavour: "facebook", attemptId: ATTEMPT },
      cleanAddress: `/auth/facebook/callback?attempt=${ATTEMPT}`,
    });
  });

  it("asks for no second exchange after a reload", () => {
    const reloaded = takeCallback({ pathname: INSTAGRAM, search: `?attempt=${ATTEMPT}` });
    expect(reloaded).toEqual({ arrived: null, cleanAddress: `${INSTAGRAM}?attempt=${ATTEMPT}` });
    const empty = takeCallback({ pathname: INSTAGRAM, search: "" });
    expect(empty).toEqual({ arrived: null, cleanAddress: INSTAGRAM });
  });

  it("drops an attempt that is none", () => {
    expect(takeCallback({ pathname: INSTAGRAM, search: "?attempt=//evil.test" }).cleanAddress).toBe(
      INSTAGRAM,
    );
  });

  it("trusts the state over an attempt that stands beside it", () => {
    const search = `?attempt=zzzzzzzzzzzzzzzz&code=c&state=${ATTEMPT}.${SECRET}`;
    expect(takeCallback({ pathname: INSTAGRAM, search }).arrived?.attemptId).toBe(ATTEMPT);
  });

  it("OA-14 cleans the address of a terminal's sign-in too, and keeps what to bring back", () => {
    const search = `?code=c&state=${ATTEMPT}.${SECRET}.terminal`;
    const { arrived, cleanAddress } = takeCallback({ pathname: INSTAGRAM, search });
    if (arrived === null) throw new Error("Nothing arrived.");
    expect(cleanAddress).toBe(INSTAGRAM); // no browser can ask about it, so a reload has nothing to ask with
    expect(arrived.attemptId).toBeNull();
    expect(isForTerminal(arrived)).toBe(true);
    expect(addressForTerminal("https://app.test", arrived)).toBe(`https://app.test${INSTAGRAM}${search}`);
    expect(isForTerminal({ query: `code=c&state=${ATTEMPT}.${SECRET}` })).toBe(false);
    expect(isForTerminal({ query: "error=access_denied" })).toBe(false);
  });

  it("touches no other page", () => {
    for (const pathname of ["/", "/connections", "/auth/other/callback", "/auth/instagram/callback/x"]) {
      const search = `?code=c&state=${ATTEMPT}.${SECRET}`;
      expect(takeCallback({ pathname, search })).toEqual({ arrived: null, cleanAddress: null });
    }
  });
});
