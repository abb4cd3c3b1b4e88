import { expect, it } from "vitest";

import { returnPathOf } from "./return-path.ts";

it("OA-06 goes on to pages of ours only, spelled exactly", () => {
  const connection = `/connections/con_${"a".repeat(22)}`;
  expect(returnPathOf("/connections")).toBe("/connections");
  expect(returnPathOf(connection)).toBe(connection);
  const others = [
    "",
    "/",
    "//evil.test",
    "/..//evil.test",
    "/\\evil.test",
    "/\tevil.test",
    "https://evil.test/connections",
    "javascript:alert(1)",
    "/connections/../auth/instagram/callback",
    `${connection}\n`,
    `${connection}?next=//evil.test`,
    "/connections/",
  ];
  for (const path of others) expect(returnPathOf(path)).toBe("/connections");
});
