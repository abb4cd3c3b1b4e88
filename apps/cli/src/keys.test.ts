import { readFileSync, statSync } from "node:fs";
import path from "node:path";

import { connect, openTestWorld, type TestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { runCommand } from "./testing/run-command.ts";

async function run(world: TestWorld, ...args: string[]): Promise<{ code: number; text: string }> {
  const { code, out, err } = await runCommand(world, ["keys", ...args]);
  return { code, text: out + err };
}

describe("perennial keys", () => {
  it("SC-07 makes, lists and revokes keys, and shows a secret once and only when told how", async () => {
    await using world = await openTestWorld();
    const { session } = await connect(world, "acme.shop");
    const file = path.join(world.folder, "uploader.key");
    const create = ["create", "--name", "Uploader", "--json"];
    const [undecided, written, revealed] = await Promise.all([
      run(world, ...create),
      run(world, ...create, "--output", file, "--action", "token", "--action", "refresh"),
      run(world, ...create, "--reveal", "--address", "192.0.2.0/24", "--expires-in-days", "90"),
    ]);
    expect([undecided.code, undecided.text]).toEqual([2, expect.stringContaining("--output")]);
    const secret = readFileSync(file, "utf8").trim();
    expect([written.code, secret]).toEqual([0, expect.stringMatching(/^pnl_[0-9A-Za-z]{38}$/)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(written.text).not.toContain(secret.slice(4, 16));
    const { key } = JSON.parse(written.text) as { key: { id: string } };
    expect(key).toMatchObject({ name: "Uploader", actions: ["token", "refresh"], connectionIds: null });
    expect(JSON.parse(revealed.text)).toMatchObject({
      secret: expect.stringMatching(/^pnl_/),
      key: { allowedAddresses: ["192.0.2.0/24"], actions: ["read", "token"] },
    });

    const [again, revoke, unknown] = await Promise.all([
      run(world, ...create, "--output", file), // the file is there already
      run(world, "revoke", key.id, "--user", session?.userId ?? ""),
      run(world, "revoke", "key_missing"),
    ]);
    expect([again.code, revoke.code, unknown.code]).toEqual([1, 0, 2]);
    expect(readFileSync(file, "utf8").trim()).toBe(secret);
    const list = JSON.parse((await run(world, "list", "--json")).text) as {
      id: string;
      revokedAt: string | null;
    }[];
    expect(list.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
    expect(list).toHaveLength(3);
    await connect(world, "lena.paints");
    expect(await run(world, "list")).toEqual({ code: 2, text: expect.stringContaining("--user") });
  });
});
