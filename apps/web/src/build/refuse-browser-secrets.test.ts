import { describe, expect, it } from "vitest";

import { browserSecretNames, refuseBrowserSecrets } from "./refuse-browser-secrets.ts";

describe("refuseBrowserSecrets", () => {
  it("SC-01 refuses every VITE_ variable that sounds like a secret, and says no value", () => {
    const environment = {
      VITE_INSTAGRAM_CLIENT_SECRET: "SIMSEC_canary",
      VITE_ACCESS_TOKEN: "SIMTOK_canary",
      VITE_api_key: "canary",
      VITE_DB_PASSWORD: "canary",
    };
    let message = "";
    try {
      refuseBrowserSecrets(environment);
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    for (const name of Object.keys(environment)) expect(message).toContain(name);
    expect(message).not.toContain("canary");
  });

  it("lets through what has no VITE_ prefix or no secret in its name", () => {
    const environment = {
      INSTAGRAM_CLIENT_SECRET: "x",
      VITE_TITLE: "x",
      JWT_SECRET: "x",
      NOT_VITE_SECRET: "x",
    };
    expect(browserSecretNames(environment)).toEqual([]);
    expect(() => refuseBrowserSecrets(environment)).not.toThrow();
  });
});
