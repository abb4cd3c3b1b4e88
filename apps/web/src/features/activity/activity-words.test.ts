import { describe, expect, it } from "vitest";

import { activityWords, actorWords } from "./activity-words.ts";

describe("recent activity in words", () => {
  it.each([
    ["session.opened", { login: "facebook", accounts: 2 }, "Signed in with Facebook"],
    ["session.opened", {}, "Signed in"],
    ["session.ended", {}, "Signed out"],
    ["session.ended", { from: "list" }, "A session was ended"],
    ["session.all_ended", { isOneKept: true, sessions: 3 }, "All other sessions were ended (3)"],
    ["session.all_ended", { isOneKept: false, sessions: 1 }, "All sessions were ended (1)"],
    ["connection.created", { login: "instagram" }, "An account was connected with Instagram"],
    ["sink.saved", { isNew: true }, "A place that reads a token was added"],
    ["sink.saved", { isNew: false }, "A place that reads a token was changed"],
    ["a.later_kind", {}, "a later kind"],
    ["constructor", {}, "constructor"],
  ])("%s %o: %s", (kind, detail, words) => {
    expect(activityWords({ kind, detail })).toBe(words);
  });

  it("names who did it, unless it was the person", () => {
    expect(actorWords({ by: "you" })).toBeNull();
    expect(actorWords({ by: "operator" })).toBe("by whoever runs this site");
  });
});
