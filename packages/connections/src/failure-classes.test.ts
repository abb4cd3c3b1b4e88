import { INSTAGRAM_ERROR_CODES, InstagramError } from "@perennial/instagram";
import { describe, expect, it } from "vitest";

import { ConnectionError } from "./errors.ts";
import { FAILURE_CLASSES, failureOf } from "./failure-classes.ts";
import { TokenSealError } from "./token-seal.ts";

const answer = (details: Partial<ConstructorParameters<typeof InstagramError>[0]>) =>
  failureOf(new InstagramError({ code: "unknown", operation: "refresh_long_lived_token", ...details }));

describe("the classes of failure", () => {
  it("UP-02 has a class for everything that Instagram can say, and retries what nobody knows", () => {
    for (const code of INSTAGRAM_ERROR_CODES) expect(FAILURE_CLASSES[code]).toBeDefined();
    expect(answer({})?.class).toBe("retry");
    expect(answer({ code: "transient" })?.class).toBe("retry");
  });

  it("UP-02 asks for a reconnect only where Instagram says that a person has to sign in again", () => {
    for (const code of INSTAGRAM_ERROR_CODES) {
      const failure = answer({ code });
      const needsReauth = new InstagramError({ code, operation: "refresh_long_lived_token" }).needsReauth;
      // An account that is not professional any more needs its owner too, though not a sign-in.
      if (failure?.class === "reconnect" && code !== "account_not_eligible")
        expect([code, needsReauth]).toEqual([code, true]);
    }
    expect(answer({ code: "permission_missing", needsReauth: false })?.class).toBe("operator");
    expect(answer({ code: "permission_missing", needsReauth: true })?.class).toBe("reconnect");
  });

  it("UP-04 waits for as long as the answer says, and tells a throttle of the app from one of the account", () => {
    const ofApp = answer({ code: "rate_limited", reason: "app_throttled", retryAfterMs: 60_000 });
    expect(ofApp).toMatchObject({ class: "wait", holdsBackApp: true, retryAfterMs: 60_000 });
    const ofAccount = answer({ code: "rate_limited", reason: "account_throttled", retryAfterMs: 60_000 });
    expect(ofAccount).toMatchObject({ class: "wait", holdsBackApp: false });
  });

  it("leaves what we cannot open, and what is not set up, to the operator", () => {
    expect(failureOf(new TokenSealError("damaged", "It does not open."))).toMatchObject({
      code: "token_unreadable",
      class: "operator",
    });
    expect(failureOf(new ConnectionError("flavour_not_configured"))?.class).toBe("operator");
  });

  it("has no opinion on errors that are not about a token", () => {
    expect(failureOf(new TypeError("a fault of ours"))).toBeNull();
    expect(failureOf(new ConnectionError("connection_not_found"))).toBeNull();
  });
});
