import { describe, expect, it } from "vitest";

import { openTestFacebookLogin, openTestLogin, TEST_APP } from "../testing/open-test-login.ts";
import { FACEBOOK_SCOPES } from "../dated-facts.ts";
import { FACEBOOK_DEFAULT_SCOPES } from "../scopes.ts";
import { createFacebookLogin } from "./facebook-login.ts";

const REQUEST = { redirectUri: "https://app.example.com/cb?x=1&y=ü", state: "a b&c" };

function parametersOf(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams);
}

describe("the dialog's address", () => {
  const { login } = openTestFacebookLogin([]);

  it("goes to Facebook, versioned, with every parameter encoded once", () => {
    const url = login.authorizationUrl(REQUEST);
    expect(url).toMatch(/^https:\/\/www\.facebook\.com\/v26\.0\/dialog\/oauth\?/);
    expect(url).not.toContain("+");
    expect(parametersOf(url)).toEqual({
      client_id: TEST_APP.clientId,
      redirect_uri: REQUEST.redirectUri,
      response_type: "code",
      scope:
        "instagram_basic,pages_show_list,pages_read_engagement,instagram_content_publish,business_management",
      state: "a b&c",
    });
  });

  it.each([
    [{ rerequest: true }, "rerequest"],
    [{ forceReauth: true }, "reauthenticate"],
    [{ rerequest: true, forceReauth: true }, "rerequest,reauthenticate"],
    [{ rerequest: false }, undefined],
  ])("asks again when told to: %j", (part, authType) => {
    expect(parametersOf(login.authorizationUrl({ ...REQUEST, ...part })).auth_type).toBe(authType);
  });

  it("names a configuration instead of scopes where there is one", () => {
    const configured = createFacebookLogin({ app: TEST_APP, configId: "880001" });
    const parameters = parametersOf(configured.authorizationUrl(REQUEST));
    expect(parameters).toMatchObject({ config_id: "880001", response_type: "code", state: "a b&c" });
    expect(parameters).not.toHaveProperty("scope");
  });

  it.each([{ state: "" }, { redirectUri: "" }, { scopes: [] }])("is not made from %j", (part) => {
    expect(() => login.authorizationUrl({ ...REQUEST, ...part })).toThrow(TypeError);
  });

  it("asks by default for scopes that exist", () => {
    const names = FACEBOOK_SCOPES.map(({ name }) => name);
    expect(FACEBOOK_DEFAULT_SCOPES.every((scope) => names.includes(scope))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("scopes of two families", () => {
  it.each([
    ["facebook", openTestFacebookLogin([]).login, ["instagram_basic", "instagram_business_basic"]],
    ["facebook", openTestFacebookLogin([]).login, ["instagram_business_content_publish"]],
    ["instagram", openTestLogin([]).login, ["instagram_business_basic", "instagram_basic"]],
    ["instagram", openTestLogin([]).login, ["pages_show_list"]],
  ] as const)("are refused before the person sees an error page: %s, %j", (_flavour, login, scopes) => {
    expect(() => login.authorizationUrl({ ...REQUEST, scopes })).toThrow(/^The scope \w+ is one of /);
  });

  it("are told apart from scopes nobody here knows, which are asked for", () => {
    const url = openTestFacebookLogin([]).login.authorizationUrl({ ...REQUEST, scopes: ["public_profile"] });
    expect(parametersOf(url).scope).toBe("public_profile");
  });
});
