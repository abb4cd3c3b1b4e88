import { describe, expect, it } from "vitest";

import { openLog, withoutSecrets } from "./log.ts";

function record(write: (log: ReturnType<typeof openLog>) => void): string[] {
  const lines: string[] = [];
  write(
    openLog({
      name: "test",
      level: "trace",
      destination: { write: (line: string) => void lines.push(line) },
    }),
  );
  return lines;
}

const TOKEN = "SIMTOK_0123456789abcdef0123456789";

describe("the log", () => {
  it("SC-06 writes one line of JSON whatever is logged", () => {
    const hostile = ["a\r\nb", "\u001B[31mred\u001B[0m", "x".repeat(1_000_000), "\u2028", "\0", '"}{"'];
    for (const text of hostile) {
      const lines = record((log) => log.info({ event: "test", username: text }, text));
      expect(lines).toHaveLength(1);
      expect(lines[0]?.trimEnd()).not.toMatch(/[\r\n\u001B\0]/);
      expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", event: "test" });
    }
  });

  it("SC-02 keeps tokens, codes and secrets out of errors, their causes and their stacks", () => {
    const cause = new Error(`GET https://graph.instagram.com/me?access_token=${TOKEN} failed`);
    const [line = ""] = record((log) =>
      log.error({ err: new Error(`bad token ${TOKEN}`, { cause }) }, "failed"),
    );
    expect(line).not.toContain(TOKEN.slice(7, 19));
    expect(line).toContain("graph.instagram.com/me");
  });

  it("SC-02 blanks the fields that hold secrets, one level down too", () => {
    const [line = ""] = record((log) =>
      log.info({ accessToken: TOKEN, nested: { cookie: TOKEN, access_token: TOKEN } }),
    );
    expect(line).not.toContain(TOKEN);
  });

  it("SC-03 shows an address without its query", () => {
    expect(withoutSecrets("at https://a.example/b?code=abc#d, then")).toBe(
      "at https://a.example/b?[removed] then",
    );
    expect(withoutSecrets("client_secret=abc&x=1")).toBe("client_secret=[removed]&x=1");
    expect(withoutSecrets("postgresql://me:canary@db.test/p")).toBe("postgresql://[removed]@db.test/p");
  });
});
