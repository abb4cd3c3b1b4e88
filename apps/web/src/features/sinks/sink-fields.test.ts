import { describe, expect, it } from "vitest";

import { FIELDS, fieldProblem, settingsOf, type FormKind, type SinkField } from "./sink-fields.ts";

function field(kind: FormKind, name: string): SinkField {
  const found = FIELDS[kind].find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${kind} has no ${name}`);
  return found;
}

describe("fieldProblem", () => {
  const problem = (kind: FormKind, name: string, text: string): string | null =>
    fieldProblem(kind, field(kind, name), text);

  it("wants everything but what is optional", () => {
    expect(problem("redis", "key", " ")).toBe("This has to be filled in.");
    expect(problem("redis", "field", "")).toBeNull();
  });

  it("takes the addresses of each kind alone", () => {
    expect(problem("webhook", "url", "https://example.org/hook")).toBeNull();
    expect(problem("redis", "url", "rediss://u:p@example.org:6379/0")).toBeNull();
    for (const text of ["example.org", "redis://example.org", "javascript:alert(1)", "file:///etc/passwd"])
      expect(problem("webhook", "url", text)).toMatch(/^An address begins with https:\/\/ or http:\/\//);
    expect(problem("redis", "url", "https://example.org")).toMatch(/rediss:\/\/ or redis:\/\//);
  });

  it("takes names of variables, and never repeats what was written", () => {
    expect(problem("env_file", "key", "INSTAGRAM_TOKEN")).toBeNull();
    for (const text of ["2TOKENS", "A-B", "A=secret"]) {
      expect(problem("env_file", "key", text)).toMatch(/^A variable/);
      expect(problem("env_file", "key", text)).not.toContain(text);
    }
  });
});

describe("settingsOf", () => {
  const settings = (kind: FormKind, lines: Record<string, string>) =>
    settingsOf(kind, (name) => lines[name] ?? "", "token");

  it("makes what each kind is told, without blanks around, and null of what was left out", () => {
    expect(settings("webhook", { url: " https://example.org " })).toEqual({
      kind: "webhook",
      url: "https://example.org",
    });
    expect(settings("redis", { url: "redis://r", key: "k" })).toEqual({
      kind: "redis",
      url: "redis://r",
      key: "k",
      field: null,
      format: "token",
    });
    expect(settings("json_file", { path: "a.json", token: "a.b", expiresAt: "a.c" })).toEqual({
      kind: "json_file",
      path: "a.json",
      token: "a.b",
      expiresAt: "a.c",
      accountId: null,
    });
  });

  it("shows no secret while it is typed", () => {
    expect(field("redis", "url").isSecret).toBe(true);
    expect(field("upstash", "token").isSecret).toBe(true);
  });
});
