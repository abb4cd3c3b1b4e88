import { describe, expect, it } from "vitest";

import { accountKind } from "./account-words.ts";
import { describePermissions } from "./permissions.ts";

describe("describePermissions", () => {
  it("OA-13 shows what was granted first and what is missing after it", () => {
    const described = describePermissions("instagram", [
      "instagram_business_content_publish",
      "instagram_business_basic",
    ]);
    expect(described.map(({ scope, isGranted }) => [scope, isGranted])).toEqual([
      ["instagram_business_basic", true],
      ["instagram_business_content_publish", true],
      ["instagram_business_manage_comments", false],
      ["instagram_business_manage_messages", false],
      ["instagram_business_manage_insights", false],
    ]);
  });

  it("shows a permission it does not know, once, as granted", () => {
    const described = describePermissions("facebook", ["brand_new", "brand_new"]);
    expect(described.filter(({ scope }) => scope === "brand_new")).toHaveLength(1);
    expect(described[0]).toMatchObject({ scope: "brand_new", isGranted: true });
  });

  it("never mixes the scopes of the two flavours", () => {
    const scopes = (flavour: "instagram" | "facebook") =>
      new Set(describePermissions(flavour, []).map(({ scope }) => scope));
    expect(scopes("instagram").intersection(scopes("facebook")).size).toBe(0);
  });
});

describe("accountKind", () => {
  it("understands both spellings of Instagram and invents nothing for others", () => {
    expect(["BUSINESS", "Business", "MEDIA_CREATOR", "Media_Creator"].map(accountKind)).toEqual([
      "Business",
      "Business",
      "Creator",
      "Creator",
    ]);
    expect(accountKind("SOMETHING_NEW")).toBe("Professional");
  });
});
