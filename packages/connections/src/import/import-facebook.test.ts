import { describe, expect, it } from "vitest";

import { ConnectionError } from "../errors.ts";
import { bring } from "../testing/bring.ts";
import { openTestKeeper } from "../testing/keeper.ts";

const MAYA = "maya.brandt";
const [ACME, LENA] = ["17841401234567891", "17841401234567892"];
const ACME_PAGE = "103000000000101";

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "fine";
  } catch (error) {
    if (error instanceof ConnectionError)
      return error.detail === null ? error.code : `${error.code}: ${error.detail}`;
    throw error;
  }
}

describe("a Facebook token that is brought by hand", () => {
  it("of a person, asks which accounts are meant, and keeps the Page tokens of those", async () => {
    await using keeper = await openTestKeeper();
    const { value } = keeper.sim.issueFacebookToken(MAYA);
    const asked = await bring(keeper, `{"access_token":"${value}","token_type":"bearer"}`);
    expect(asked).toMatchObject({ kind: "choose" });
    const result = await bring(keeper, value, { accountIds: [ACME, LENA] });
    if (result.kind !== "imported") throw new Error("Nothing was kept.");
    expect(result.connections.map(({ username, flavour }) => [username, flavour])).toEqual([
      ["acme.shop", "facebook"],
      ["lena.paints", "facebook"],
    ]);
    const views = await keeper.connections.list(result.userId);
    expect(views.map(({ renewal, state }) => [renewal, state])).toEqual([
      ["person", "healthy"],
      ["person", "healthy"],
    ]);
    expect(JSON.stringify([asked, result])).not.toContain(value);
  });

  it("that is short-lived is exchanged first, so that its Page tokens last", async () => {
    await using keeper = await openTestKeeper();
    const { value } = keeper.sim.issueFacebookToken(MAYA, { kind: "short_lived" });
    const result = await bring(keeper, value, { accountIds: [ACME] });
    if (result.kind !== "imported") throw new Error("Nothing was kept.");
    keeper.sim.clock.advance({ days: 30 });
    const { signal } = new AbortController();
    await keeper.connections.sweep({ trigger: "worker", concurrency: 1, signal });
    expect((await keeper.connections.list(result.userId))[0]).toMatchObject({
      state: "healthy",
      deadlines: { tokenExpiry: { basis: "none" }, dataAccessEnd: { basis: "told" } },
    });
  });

  it("of a Page is kept as it is, and of a system user with no end at all", async () => {
    await using keeper = await openTestKeeper();
    const ofPage = keeper.sim.issueFacebookToken(MAYA, { page: ACME_PAGE }).value;
    expect(await bring(keeper, ofPage)).toMatchObject({ connections: [{ username: "acme.shop" }] });
    const ofSystem = keeper.sim.issueFacebookToken(MAYA, { kind: "system_user" }).value;
    expect(await bring(keeper, ofSystem, { accountIds: [LENA] })).toMatchObject({
      connections: [{ username: "lena.paints", expiryBasis: "estimated" }],
    });
  });

  it("OA-16 of another app is refused although it works, for both logins", async () => {
    await using keeper = await openTestKeeper();
    const { sim } = keeper;
    const facebook = sim.issueFacebookToken(MAYA, { app: "foreign" }).value;
    expect(await refusal(bring(keeper, facebook))).toBe("token_of_other_app");
    const page = sim.issueFacebookToken(MAYA, { app: "foreign", page: ACME_PAGE }).value;
    expect(await refusal(bring(keeper, page))).toBe("token_of_other_app");
    const instagram = sim.issueLongLivedToken("acme.shop", { app: "foreign" }).value;
    expect(await refusal(bring(keeper, instagram))).toBe("token_of_other_app");
    expect(await keeper.store.pageConnections({ after: null, limit: 9 })).toEqual([]);
  });

  it("is refused precisely where it reaches no account, is dead, or belongs to somebody else", async () => {
    await using keeper = await openTestKeeper();
    const { sim } = keeper;
    const bare = await refusal(bring(keeper, sim.issueFacebookToken("nadia.new").value));
    expect(bare).toBe("account_not_eligible: The token reaches no Facebook Page.");
    const unlinked = await refusal(bring(keeper, sim.issueFacebookToken("paul.plain").value));
    expect(unlinked).toMatch(/^account_not_eligible: None of its Pages/);
    const permissions = ["pages_show_list", "pages_read_engagement", "business_management"];
    const narrow = sim.issueFacebookToken("rita.outside", { permissions }).value;
    expect(await refusal(bring(keeper, narrow))).toMatch(/permission_missing|account_not_eligible/);
    const dead = sim.issueFacebookToken(MAYA).value;
    sim.facebook.removeApp(MAYA);
    expect(await refusal(bring(keeper, dead))).toBe("token_revoked");

    const { userId, connectionId } = await keeper.signIn("acme.shop");
    const ofRita = sim.issueFacebookToken("rita.outside").value;
    const other = await refusal(bring(keeper, ofRita, { userId, connectionId }));
    expect(other).toBe("wrong_account: The token belongs to @north.roasters, not to @acme.shop.");
  });
});
