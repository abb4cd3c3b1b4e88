import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inheritedEnvironment } from "../testing/inherited-environment.ts";
import { checkTrackedFiles } from "./tracked-files.ts";

const key = randomBytes(32).toString("base64");
const environment = {
  ...inheritedEnvironment(),
  TOKEN_KEYS: `k1:${randomBytes(32).toString("base64")},k0:${key}`,
  CRON_SECRET: `${randomBytes(32).toString("base64url")}, ${randomBytes(32).toString("base64url")}`,
  DATABASE_URL: "postgresql://perennial:a-long-password@db.test/perennial",
  JWT_SECRET: "short",
};
const second = environment.CRON_SECRET.split(", ")[1] ?? "";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "perennial-tracked-"));
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Looks from a folder within, with these files tracked. */
async function lookWith(files: Readonly<Record<string, string>>, isTracked = true) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
    if (isTracked) execFileSync("git", ["add", "--force", name], { cwd: folder });
  }
  mkdirSync(path.join(folder, "within"), { recursive: true });
  const check = await checkTrackedFiles(environment, path.join(folder, "within"));
  for (const name of Object.keys(files)) {
    if (isTracked) execFileSync("git", ["rm", "--quiet", "--cached", name], { cwd: folder });
    rmSync(path.join(folder, name));
  }
  return check;
}

describe("the doctor's look at files that git tracks", () => {
  it.each([
    ["a key that only opens", { "notes/keys.txt": `the old one was ${key}` }],
    ["the second of two secrets", { "deploy.yaml": `cron: '${second}'` }],
    ["the password of the database", { "compose.yaml": environment.DATABASE_URL }],
  ])("finds %s, and says the file only", async (_what, files) => {
    const check = await lookWith(files);
    expect(check).toMatchObject({ id: "secrets.tracked", level: "red" });
    expect(check.message).toBe(
      `git tracks a secret of this installation, in ${Object.keys(files).join("")}.`,
    );
    for (const value of Object.values(files)) expect(JSON.stringify(check)).not.toContain(value);
  });

  it("leaves files alone that git does not track, examples, and words that are too short to be told", async () => {
    expect((await lookWith({ ".env": second }, false)).level).toBe("green");
    expect((await lookWith({ ".env.example": "JWT_SECRET=…", "a.txt": "short" })).level).toBe("green");
    expect((await lookWith({ "apps/.env.production": "" })).message).toContain("apps/.env.production");
  });

  it("names three files and counts the rest, and no name moves the terminal", async () => {
    const names = ["a.txt", "b.txt", "c.txt", "d\u001B[31m.txt"];
    const check = await lookWith(Object.fromEntries(names.map((name) => [name, second])));
    expect(check.message).toContain("in a.txt, b.txt, c.txt and 1 more.");
    const [odd] = names.slice(3);
    expect((await lookWith({ [odd ?? ""]: second })).message).not.toContain("\u001B");
  });

  it("says so where there is no repository, and where git cannot be run", async () => {
    const none = mkdtempSync(path.join(tmpdir(), "perennial-untracked-"));
    expect((await checkTrackedFiles(environment, none)).message).toContain("under no version control");
    const check = await checkTrackedFiles({ ...environment, PATH: none }, folder);
    expect(check).toMatchObject({ level: "unchecked", message: expect.stringContaining("not checked") });
    rmSync(none, { recursive: true });
  });
});
