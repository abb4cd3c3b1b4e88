import { expect, it } from "vitest";
import { readEnvironment } from "./environment.ts";

it("has a default for everything", () => {
  expect(readEnvironment({ SIM_SEED: "" })).toEqual({
    scenarioPath: undefined,
    options: { port: 4010, callbacks: {} },
  });
});

it("reads every variable", () => {
  const env = {
    SIMULATOR_PORT: "4999",
    SIM_SCENARIO: "storm.json",
    SIM_SEED: "42",
    SIM_CONTROL_SECRET: "c",
    SIM_REDIRECT_URIS: "https://a.test/cb, https://b.test/cb,",
    SIM_CLIENT_ID: "1",
    SIM_CLIENT_SECRET: "SIMSEC_x",
    SIMULATOR_FACEBOOK_PORT: "4777",
    SIM_FACEBOOK_REDIRECT_URIS: "https://a.test/fb",
    SIM_FACEBOOK_CLIENT_ID: "2",
    SIM_FACEBOOK_CLIENT_SECRET: "SIMSEC_y",
    SIM_STATE_FILE: "data/simulator.json",
    SIM_DEAUTHORIZE_URL: "http://127.0.0.1:3000/meta/deauthorize",
    SIM_DATA_DELETION_URL: "http://127.0.0.1:3000/meta/data-deletion",
  };
  expect(readEnvironment(env)).toEqual({
    scenarioPath: "storm.json",
    options: {
      port: 4999,
      facebookPort: 4777,
      seed: 42,
      controlSecret: "c",
      redirectUris: ["https://a.test/cb", "https://b.test/cb"],
      app: { clientId: "1", clientSecret: "SIMSEC_x" },
      facebookRedirectUris: ["https://a.test/fb"],
      facebookApp: { clientId: "2", clientSecret: "SIMSEC_y" },
      stateFile: "data/simulator.json",
      callbacks: {
        deauthorizeUrl: "http://127.0.0.1:3000/meta/deauthorize",
        dataDeletionUrl: "http://127.0.0.1:3000/meta/data-deletion",
      },
    },
  });
});

it("SU-04 TE-01 refuses to run in production, and names variables that make no sense", () => {
  const bad: [Record<string, string>, string][] = [
    [{ NODE_ENV: "production" }, "production"],
    [{ SIMULATOR_PORT: "70000" }, "SIMULATOR_PORT"],
    [{ SIMULATOR_PORT: "4e3" }, "SIMULATOR_PORT"],
    [{ SIMULATOR_FACEBOOK_PORT: "-1" }, "SIMULATOR_FACEBOOK_PORT"],
    [{ SIM_SEED: "-1" }, "SIM_SEED"],
    [{ SIM_CLIENT_ID: "1" }, "SIM_CLIENT_SECRET"],
    [{ SIM_FACEBOOK_CLIENT_SECRET: "x" }, "SIM_FACEBOOK_CLIENT_ID"],
  ];
  for (const [env, name] of bad) expect(() => readEnvironment(env)).toThrow(name);
});
