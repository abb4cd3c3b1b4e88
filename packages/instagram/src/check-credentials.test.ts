import { describe, expect, it } from "vitest";

import { graph } from "./testing/graph-answers.ts";
import { everythingIn, openTestLogin, TEST_APP } from "./testing/open-test-login.ts";

describe("checking the app's own secret", () => {
  it.each([
    graph(190, "Invalid OAuth access token - Cannot parse access token"),
    graph(190, "The access token could not be decrypted"),
    graph(190, "Session has expired", { error_subcode: 463 }),
  ])("finds it right when only the token is refused: %j", async (answer) => {
    const { login, requests } = openTestLogin([answer]);
    await login.checkCredentials();
    expect(requests).toHaveLength(1);
    expect(new URL(requests[0]?.url ?? "").searchParams.get("access_token")).toBe("none");
  });

  it.each([
    [graph(100, "Error validating client secret."), "invalid_client"],
    [graph(100, "Something new"), "unknown"],
    [graph(2, "", {}, 500), "transient"],
    [graph(4, "Application request limit reached"), "rate_limited"],
    [{ json: { access_token: "SIMTOK_abcdefghijklmnop", expires_in: 1 } }, "unknown"],
  ])("passes on %j as %s", async (answer, code) => {
    const { login, calls } = openTestLogin([answer]);
    const error: unknown = await login.checkCredentials().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, operation: "check_credentials" });
    expect(`${everythingIn(error)}${JSON.stringify(calls)}`).not.toContain(TEST_APP.clientSecret);
  });
});
