import { describe, expect, it } from "vitest";

import { accountKind } from "./account-words.ts";
import { describePermissions } from "./permissions.ts";

describe("describePermissions", () => {
  it("OA-13 shows what is missing first, with what does not work without it", () => {
    const missing = { scope: "instagram_business_content_publish", purpose: "Publish." };
    const described = describePermissions({
      flavour: "instagram",
      permissions: ["instagram_business_basic"],
      missingScopes: [missing],
    });
    expect(described[0]).toEqual({ ...missing, status: "missing" });
    expect(described.map(({ scope, status }) => [scope, status])).toEqual([
      ["instagram_business_content_publish", "missing"],
      ["instagram_business_basic", "granted"],
      ["instagram_business_manage_comments", "not_asked"],
      ["instagram_business_manage_messages", "not_asked"],
      ["instagram_business_manage_insights", "not_asked"],
    ]);
  });

  it("shows a permission it does not know, once, as granted", () => {
    const described = describePermissions({
      flavour: "facebook",
      permissions: ["brand_new", "brand_new"],
      missingScopes: [],
    });
    expect(described.filter(({ scope }) => scope === "brand_new")).toHaveLength(1);
    expect(described[0]).toMatchObject({ scope: "brand_new", status: "granted" });
  });

  it("never mixes the scopes of the two flavours", () => {
    const scopes = (flavour: "instagram" | "facebook") =>
      new Set(describePermissions({ flavour, permissions: [], missingScopes: [] }).map(({ scope }) => scope));
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
