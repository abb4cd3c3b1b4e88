import { openTestWorld, type TestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { runCommand, runJson } from "./testing/run-command.ts";

type Begun = { flavour: string; authorizationUrl: string; redirectUri: string; expiresAt: string };
type SignedIn = { kind: string; userId: string; connections: { id: string; username: string }[] };

/** Begins at the terminal and allows in a browser; gives the address that the browser cannot open. */
async function allow(world: TestWorld, user: string, args: string[] = []): Promise<string> {
  const { json } = await runJson<Begun>(world, ["auth-url", ...args]);
  return await world.sim.authorize({ authorizationUrl: json.authorizationUrl, user });
}

describe("signing in from the terminal", () => {
  it("goes from an empty data folder to a connection that is refreshed, without a server", async () => {
    await using world = await openTestWorld();
    const begun = await runCommand(world, ["auth-url"]);
    expect([begun.code, begun.err]).toEqual([0, ""]);
    expect(begun.out).toContain("cannot be opened. That is fine");
    const [authorizationUrl = ""] = /http:\/\/127\S+authorize\S+/.exec(begun.out) ?? [];
    const address = await world.sim.authorize({ authorizationUrl, user: "acme.shop" });

    const done = await runCommand(world, ["authenticate", "--code", address]);
    expect(done).toEqual({ code: 0, err: "", out: expect.stringMatching(/@acme\.shop +healthy/) });
    expect((await runCommand(world, ["status"])).out).toMatch(/@acme\.shop +healthy +60 days/);
    expect((await runCommand(world, ["validate", "@acme.shop"])).out).toContain("The token works");
    world.sim.clock.advance({ days: 31 });
    const { code, out } = await runCommand(world, ["refresh", "@acme.shop"]);
    expect([code, out]).toEqual([0, expect.stringContaining("Refreshed.")]);
  });

  it("gives scripts the address, the redirect address and the end, and what came of it", async () => {
    await using world = await openTestWorld();
    const begun = await runJson<Begun>(world, ["auth-url"]);
    expect(begun).toEqual({
      code: 0,
      err: "",
      json: {
        flavour: "instagram",
        authorizationUrl: expect.stringContaining(`state=`) as string,
        redirectUri: "http://localhost:5173/auth/instagram/callback",
        expiresAt: expect.any(String) as string,
      },
    });
    const authorizationUrl = begun.json.authorizationUrl;
    const address = await world.sim.authorize({ authorizationUrl, user: "acme.shop" });
    const done = await runJson<SignedIn>(world, ["authenticate"], `${address}\n`);
    expect(done).toMatchObject({
      code: 0,
      json: { kind: "signed_in", connections: [{ username: "acme.shop" }] },
    });
  });

  it("takes a code alone, from standard input too, and its state where several sign-ins wait", async () => {
    await using world = await openTestWorld();
    const [first, second] = [await allow(world, "acme.shop"), await allow(world, "lena.paints")];
    const [one, two] = [first, second].map((address) => new URL(address).searchParams);
    const ambiguous = await runCommand(world, ["authenticate", "--code", one?.get("code") ?? ""]);
    expect(ambiguous).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("More than one sign-in waits"),
    });
    const named = ["authenticate", "--code", one?.get("code") ?? "", "--state", one?.get("state") ?? ""];
    expect((await runCommand(world, named)).code).toBe(0);
    const alone = await runCommand(world, ["authenticate", "--code", "-"], `${two?.get("code") ?? ""}#_`);
    expect(alone).toMatchObject({ code: 0, out: expect.stringContaining("@lena.paints") });
  });

  it("lists the accounts of a Facebook login, and connects those that are named", async () => {
    await using world = await openTestWorld();
    const address = await allow(world, "maya.brandt", ["--flavour", "facebook"]);
    const asked = await runCommand(world, ["authenticate", "--code", address]);
    expect(asked).toMatchObject({ code: 2, out: expect.stringMatching(/17841401234567892 +@lena\.paints/) });
    const json = await runJson<{ choice: { accounts: unknown[] } }>(world, ["authenticate"], address);
    expect(json).toMatchObject({ code: 2, json: { kind: "choose" } });
    expect(json.json.choice.accounts).toHaveLength(3);
    const wrong = await runCommand(world, ["authenticate", "--code", address, "--account", "1"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("not among those") });
    const chosen = await runCommand(world, [
      "authenticate",
      "--code",
      address,
      "--account",
      "17841401234567892",
    ]);
    expect(chosen).toMatchObject({ code: 0, out: expect.stringMatching(/@lena\.paints +healthy/) });
  });

  it("adds to a user and reconnects a connection, both by the name of an account", async () => {
    await using world = await openTestWorld();
    const first = await runJson<SignedIn>(world, ["authenticate"], await allow(world, "acme.shop"));
    const added = await allow(world, "lena.paints", ["--user", "@acme.shop"]);
    const second = await runJson<SignedIn>(world, ["authenticate"], added);
    expect(second.json.userId).toBe(first.json.userId);
    const other = await allow(world, "north.roasters", ["--reconnect", "@acme.shop"]);
    const wrong = await runCommand(world, ["authenticate"], other);
    expect(wrong).toMatchObject({ code: 3, err: expect.stringMatching(/^⚑ Sign-in needed: .*@acme\.shop/) });
    const again = await allow(world, "acme.shop", ["--reconnect", "@acme.shop"]);
    const back = await runJson<SignedIn>(world, ["authenticate"], again);
    expect(back.json.connections).toMatchObject([{ id: first.json.connections[0]?.id }]);
    expect((await runCommand(world, ["auth-url", "--user", "usr_nobody"])).code).toBe(2);
    expect((await runCommand(world, ["auth-url", "--reconnect", "con_0000000000000000000000"])).code).toBe(2);
  });

  it.each([
    ["nothing", "", 2, "code_missing"],
    ["half an address", "https://localhost:5173/auth/instagram/callback?code=abc", 2, "callback_damaged"],
    ["a code that nobody waits for", "AQDabcdef", 2, "sign_in_unknown"],
    [
      "somebody else's address",
      "http://localhost:5173/auth/instagram/callback?code=a&state=b",
      2,
      "sign_in_unknown",
    ],
  ])("refuses %s", async (_what, input, exitCode, code) => {
    await using world = await openTestWorld();
    const { json, ...ran } = await runJson<{ error: object }>(world, ["authenticate"], input);
    expect([ran.code, ran.err]).toEqual([exitCode, ""]);
    expect(json.error).toMatchObject({
      code,
      exitCode,
      retryable: false,
      cure: expect.any(String) as string,
    });
  });

  it("tells a refusal, an outage and a wrong secret apart by exit code", async () => {
    await using world = await openTestWorld();
    const { json } = await runJson<Begun>(world, ["auth-url"]);
    const { authorizationUrl } = json;
    const refused = await world.sim.authorize({ authorizationUrl, user: "acme.shop", decision: "refuse" });
    expect((await runCommand(world, ["authenticate"], refused)).code).toBe(3);
    const address = await allow(world, "acme.shop");
    world.sim.faults.add({ at: "code", do: "graph_error", with: { code: 2 } });
    const away = await runCommand(world, ["authenticate"], address);
    expect(away.code).toBe(4);
    world.sim.faults.clear();
    const third = await allow(world, "acme.shop");
    const wrongSecret = { ...world.environment, INSTAGRAM_CLIENT_ID: "990000000000001" };
    const origins = Object.fromEntries(
      ["AUTHORIZE", "API", "GRAPH"].map((name) => [`INSTAGRAM_${name}_ORIGIN`, world.sim.origin]),
    );
    const place = {
      environment: {
        ...wrongSecret,
        ...origins,
        INSTAGRAM_CLIENT_SECRET: "0123456789abcdef0123456789abcdef",
      },
    };
    expect(await runCommand(place, ["authenticate"], third)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/^✗ Operator: .*app id or secret/),
    });
  });
});
