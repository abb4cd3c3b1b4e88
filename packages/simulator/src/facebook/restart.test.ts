import { expect, it } from "vitest";
import { startFacebookApp, type FacebookApp } from "../testing/facebook-app.ts";
import { openStateFolder } from "../testing/state-folder.ts";
import { errorOf } from "../testing/test-app.ts";

const ACME_PAGE = "103000000000101";

/** Runs two simulators one after the other on one state file. */
async function acrossRestart<Kept>(
  before: (app: FacebookApp) => Promise<Kept>,
  after: (app: FacebookApp, kept: Kept) => Promise<void>,
): Promise<void> {
  await using folder = await openStateFolder();
  const { stateFile } = folder;
  const notices: string[] = [];
  const notify = (sentence: string) => notices.push(sentence);
  const first = await startFacebookApp({ stateFile, notify });
  const kept = await before(first);
  await first.sim.close();
  await using second = await startFacebookApp({ stateFile, notify });
  await after(second, kept);
  expect(notices).toEqual([]);
}

it("tokens, Page tokens and codes go on where they were", () =>
  acrossRestart(
    async (app) => {
      const token = await app.longLived();
      const page = app.sim.issueFacebookToken("maya.brandt", { page: ACME_PAGE }).value;
      const [spent, fresh] = [await app.consent(), await app.consent()];
      await app.exchangeCode(spent);
      return { token, page, spent, fresh, lineages: app.sim.lineages() };
    },
    async (app, { token, page, spent, fresh, lineages }) => {
      expect(app.sim.lineages()).toEqual(lineages);
      expect(errorOf(await app.exchangeCode(spent))["error_subcode"]).toBe(36009);
      expect((await app.exchangeCode(fresh)).status).toBe(200);
      expect(await app.debug(page)).toMatchObject({ type: "PAGE", expires_at: 0, is_valid: true });
      app.sim.clock.advance({ days: 61 });
      expect(errorOf(await app.get("/me", { access_token: token }))["error_subcode"]).toBe(463);
      expect((await app.get("/me", { access_token: page })).status).toBe(200);
      app.sim.clock.advance({ days: 30 });
      expect(errorOf(await app.get("/me", { access_token: page }))["error_subcode"]).toBe(493);
    },
  ));

it("people, Pages and consents are as they were left", () =>
  acrossRestart(
    async (app) => {
      const { facebook } = app.sim;
      facebook.add({ key: "zoe", variant: "nul", pages: [{ id: "77" }] });
      facebook.addPage("nadia.new", { id: "77" });
      facebook.linkInstagram("77", "ines.runs");
      facebook.rename("paul.plain", "Paul");
      facebook.withdrawAppRole("paul.plain");
      facebook.changeTasks("paul.plain", "103000000000301", ["ANALYZE"]);
      facebook.changePortfolioRole("oscar.agency", "103000000000202", "none");
      facebook.withdrawPageRole("maya.brandt", ACME_PAGE);
      facebook.passwordChanged("alex.kim.shop");
      facebook.checkpoint("alex.kim.studio");
      const token = await app.longLived("maya.brandt", {
        untick: ["instagram_content_publish"],
        pages: ["103000000000102"],
      });
      const permissions = (await app.get("/me/permissions", { access_token: token })).json;
      const debug = await app.debug(token);
      return { people: facebook.list(), token, permissions, debug };
    },
    async (app, { people, token, permissions, debug }) => {
      const { facebook } = app.sim;
      expect(facebook.list()).toEqual(people);
      expect(facebook.get("alex.kim.shop").passwordChangedAt).toBeInstanceOf(Date);
      expect((await app.get("/me/permissions", { access_token: token })).json).toEqual(permissions);
      expect(await app.debug(token)).toEqual(debug);
    },
  ));

it("those who were removed stay away with their ids taken, whatever became of their Pages", () =>
  acrossRestart(
    async (app) => {
      const token = await app.longLived("alex.kim.shop");
      const { appScopedId } = app.sim.facebook.get("alex.kim.shop");
      app.sim.facebook.remove("alex.kim.shop");
      app.sim.facebook.linkInstagram(ACME_PAGE, null);
      return { token, appScopedId };
    },
    async (app, { token, appScopedId }) => {
      const { facebook } = app.sim;
      expect(facebook.list()).toHaveLength(7);
      expect(() => facebook.add({ key: "again", appScopedId })).toThrow("Somebody has the id");
      expect(facebook.add({ key: "alex.kim.shop" }).pages).toEqual([]);
      expect(errorOf(await app.get("/me", { access_token: token }))).toMatchObject({ code: 190 });
    },
  ));
