import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import type { Connection, PausedLogin } from "../../lib/trpc.ts";
import {
  heldBackBy,
  nextLookSentence,
  pauseAdvice,
  pauseMeaning,
  pausePollMs,
  pauseTitle,
} from "./pause-words.ts";
import { PausedLogins } from "./paused-logins.tsx";
import { textOf } from "./sentence.ts";

type Code = NonNullable<PausedLogin["problem"]>["code"];

const NOW = Date.parse("2027-03-12T10:00:00Z");
const soon = (ms: number): string => new Date(NOW + ms).toISOString();

function paused(code: Code, flavour: PausedLogin["flavour"] = "instagram"): PausedLogin {
  const ofTime = code === "transient" || code === "rate_limited" || code === "unknown";
  const problem = {
    code,
    class: ofTime ? ("retry" as const) : ("operator" as const),
    message: "m",
    cure: "Compare the secret.",
    at: null,
  };
  return { flavour, problem, nextProbeAt: soon(30_000) };
}

describe("pauseTitle", () => {
  it("tells silence, a throttle and a refused app apart", () => {
    const titles = (["transient", "rate_limited", "invalid_client"] as const).map((code) =>
      pauseTitle("instagram", code),
    );
    expect(titles).toEqual([
      "Instagram is not answering as it should",
      "Instagram has asked for a pause",
      "Instagram does not accept this site’s app",
    ]);
  });

  it("has words for codes that are not known yet, and names the right company", () => {
    expect(pauseTitle("facebook", null)).toBe("Facebook is not answering as it should");
    expect(pauseTitle("facebook", "unknown")).toBe("Facebook is not answering as it should");
  });
});

describe("pauseMeaning and pauseAdvice", () => {
  it("say that tokens go on working and that there is nothing to do", () => {
    for (const code of ["transient", "rate_limited", "unknown"] as const) {
      expect(pauseMeaning(paused(code))).toContain("Your tokens go on working");
      expect(pauseAdvice(paused(code))).toBe("Nothing to do.");
    }
    expect(pauseAdvice({ flavour: "instagram", problem: null })).toBe("Nothing to do.");
  });

  it("say what whoever runs the site has to do, where somebody has to", () => {
    expect(pauseAdvice(paused("invalid_client"))).toBe("Compare the secret.");
  });

  it("do not promise that a token works which cannot be opened", () => {
    expect(pauseMeaning(paused("token_unreadable"))).not.toContain("go on working");
  });
});

describe("nextLookSentence", () => {
  it("says when, and never in the past", () => {
    expect(textOf(nextLookSentence(soon(180_000), NOW))).toBe("Perennial looks again in 3 minutes.");
    expect(textOf(nextLookSentence(soon(-60_000), NOW))).toBe("Perennial looks again just now.");
  });
});

describe("heldBackBy", () => {
  const held = (state: Connection["state"], flavour: PausedLogin["flavour"] = "instagram"): boolean =>
    heldBackBy({ state, flavour }, [{ flavour: "instagram" }]) !== null;

  it("is what would be renewed now if its login were not paused", () => {
    expect((["due", "urgent", "failing"] as const).every((state) => held(state))).toBe(true);
    expect((["healthy", "reconnect_required", "expired"] as const).some((state) => held(state))).toBe(false);
    expect(held("due", "facebook")).toBe(false);
  });
});

describe("pausePollMs", () => {
  it("looks soon after the next probe or a few times a minute, and each minute while nothing is paused", () => {
    expect(pausePollMs([], NOW)).toBe(60_000);
    expect(pausePollMs([{ nextProbeAt: soon(8_000) }], NOW)).toBe(10_000);
    expect(pausePollMs([{ nextProbeAt: soon(900_000) }, { nextProbeAt: soon(8_000) }], NOW)).toBe(10_000);
    expect(pausePollMs([{ nextProbeAt: soon(900_000) }], NOW)).toBe(15_000);
  });

  it("is never in a hurry, however wrong this device's clock", () => {
    expect(pausePollMs([{ nextProbeAt: soon(-86_400_000) }], NOW)).toBe(5_000);
  });
});

describe("PausedLogins", () => {
  const draw = (logins: PausedLogin[], flavour: PausedLogin["flavour"] = "instagram"): string =>
    renderToStaticMarkup(
      <PausedLogins paused={logins} connections={[{ flavour }]} deviceNow={NOW} className="" />,
    );

  it("keeps its place empty while all is well, so that it is heard when it comes", () => {
    expect(draw([])).toContain("<output");
    expect(draw([])).not.toMatch(/<p|<svg/);
    expect(draw([paused("transient")])).toContain("Instagram is not answering as it should.</output>");
  });

  it("has another sign for what passes than for what whoever runs the site has to mend", () => {
    expect(draw([paused("transient")])).toContain("lucide-circle-pause");
    expect(draw([paused("invalid_client")])).toContain("lucide-wrench");
  });

  it("is silent about a login that none of the person's accounts uses", () => {
    expect(draw([paused("transient")], "facebook")).not.toContain("not answering");
  });
});
