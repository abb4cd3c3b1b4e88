import { describe, expect, it } from "vitest";

import { mayOperate } from "./may-operate.ts";

const ME = `usr_${"a".repeat(22)}`;
const AT_HOME = { isProduction: false, operators: [], appUrl: "http://localhost:5173", host: "127.0.0.1" };
const nobody = { userId: null, hostname: "localhost" };

describe("who may see how the installation is", () => {
  it.each([
    ["nobody yet, at the developer's own machine", AT_HOME, nobody, true],
    ["the same by its number", AT_HOME, { ...nobody, hostname: "127.0.0.1" }, true],
    ["the same with a certificate", { ...AT_HOME, appUrl: "https://localhost:5173" }, nobody, true],
    ["a page of another site whose name leads here", AT_HOME, { ...nobody, hostname: "evil.test" }, false],
    ["somebody in the same network", { ...AT_HOME, host: "0.0.0.0" }, nobody, false],
    ["somebody through a tunnel", { ...AT_HOME, appUrl: "https://abc.tunnel.test" }, nobody, false],
    ["nobody, in production", { ...AT_HOME, isProduction: true }, nobody, false],
    ["a person, in production", { ...AT_HOME, isProduction: true }, { ...nobody, userId: ME }, false],
    [
      "who is named, in production",
      { ...AT_HOME, isProduction: true, operators: [ME], appUrl: "https://app.test", host: "0.0.0.0" },
      { userId: ME, hostname: "app.test" },
      true,
    ],
    [
      "somebody else, in production",
      { ...AT_HOME, isProduction: true, operators: [ME] },
      { ...nobody, userId: `usr_${"b".repeat(22)}` },
      false,
    ],
  ])("%s", (_who, config, asker, expected) => {
    expect(mayOperate(config, asker)).toBe(expected);
  });
});
