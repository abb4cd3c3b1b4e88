import { SimulatorError } from "../simulator-error.ts";
import type { TokenRecord } from "../token-record.ts";
import type { World } from "../world.ts";
import { removeApp } from "./end-tokens.ts";
import type {
  AppRole,
  FacebookPage,
  FacebookPerson,
  NewFacebookPage,
  NewFacebookPerson,
  PageTask,
  PortfolioRole,
} from "./person.ts";

/** What can happen to a person at Facebook. Every method names the person by key and throws `unknown_user`. */
export type FacebookSwitches = {
  list(): FacebookPerson[];
  get(key: string): FacebookPerson;
  /** @throws {SimulatorError} `invalid_input` for a key or id that is taken. */
  add(person: NewFacebookPerson): FacebookPerson;
  /** @throws {SimulatorError} `invalid_input` for a Page the person has already. */
  addPage(key: string, page: NewFacebookPage): FacebookPage;
  /** Links an Instagram account, by key, to a Page wherever it is known; null unlinks. */
  linkInstagram(pageId: string, user: string | null): void;
  /** Ends every live token of the person with 190 and a subcode (458 unless another is given), null for a bare 190. */
  revoke(key: string, options?: { subcode?: number | null }): void;
  /** Ends every live token but a system user's with 190/460. */
  passwordChanged(key: string): void;
  /** The person removes the app: every live token ends with 190/458, and what was granted is forgotten. */
  removeApp(key: string): void;
  /** Every call gets 190/459 until the checkpoint is cleared or the person comes back through the dialog. */
  checkpoint(key: string): void;
  clearCheckpoint(key: string): void;
  /** As if the person had not come by for 90 days: user and Page tokens get 190/493. */
  endDataAccess(key: string): void;
  /** The person loses the role on a Page: its Page tokens of theirs end with 190/492, and it leaves every list. */
  withdrawPageRole(key: string, pageId: string): void;
  changeTasks(key: string, pageId: string, tasks: readonly PageTask[]): void;
  /** @throws {SimulatorError} `invalid_input` for a Page of no portfolio. */
  changePortfolioRole(key: string, pageId: string, role: PortfolioRole): void;
  /** Takes permissions away; `/me/permissions` then calls them declined. */
  withdrawPermissions(key: string, permissions: readonly string[]): void;
  grantAppRole(key: string, role?: AppRole): void;
  withdrawAppRole(key: string): void;
  rename(key: string, name: string): void;
  /** The account is deleted: it leaves the dialog and its tokens end with a bare 190. */
  remove(key: string): void;
};

export function createFacebookSwitches(world: World): FacebookSwitches {
  const { clock } = world;
  const { people, consents, tokens, foreignApp } = world.facebook;

  function end(
    key: string,
    subcode: number | null,
    reason: string,
    isMeant?: (token: TokenRecord<FacebookPerson>) => boolean,
  ): void {
    tokens.endAll(people.get(key), clock.nowMs(), { subcode, reason }, isMeant);
  }

  return {
    list: () => people.list(),
    get: (key) => people.get(key),
    add: (person) => people.add(person),
    addPage: (key, page) => people.addPage(key, page),
    linkInstagram(pageId, user) {
      if (user !== null) world.people.get(user);
      people.link(pageId, user);
    },
    revoke: (key, { subcode = 458 } = {}) => end(key, subcode, "revoked"),
    passwordChanged(key) {
      end(key, 460, "password_changed", ({ kind }) => kind !== "system_user");
      people.change(key, { passwordChangedAt: clock.now() });
    },
    removeApp(key) {
      const person = people.get(key);
      const apps = tokens.lineages(clock.nowMs(), person).map(({ appId }) => appId);
      for (const appId of new Set([world.facebook.app.clientId, ...apps])) {
        if (appId !== foreignApp.clientId) removeApp(world, person, appId, "app_removed");
      }
    },
    checkpoint: (key) => people.change(key, { isCheckpointed: true }),
    clearCheckpoint: (key) => people.change(key, { isCheckpointed: false }),
    endDataAccess: (key) => consents.endDataAccess(people.get(key), clock.nowMs()),
    withdrawPageRole(key, pageId) {
      people.removePage(key, pageId);
      end(key, 492, "page_role_lost", (token) => token.pageId === pageId);
    },
    changeTasks: (key, pageId, tasks) => people.changePage(key, pageId, { tasks: [...tasks] }),
    changePortfolioRole(key, pageId, role) {
      const { portfolio } = people.getPage(key, pageId);
      if (portfolio === null) {
        throw new SimulatorError("invalid_input", `The Page ${pageId} belongs to no portfolio.`);
      }
      people.changePage(key, pageId, { portfolio: { ...portfolio, role } });
    },
    withdrawPermissions(key, permissions) {
      const person = people.get(key);
      consents.decline(person, permissions);
      tokens.withdraw(person, permissions);
    },
    grantAppRole: (key, role = "testers") => people.change(key, { appRole: role }),
    withdrawAppRole: (key) => people.change(key, { appRole: null }),
    rename(key, name) {
      if (name === "") throw new SimulatorError("invalid_input", "A name is not empty.");
      people.change(key, { name });
    },
    remove(key) {
      end(key, null, "account_deleted");
      people.remove(key);
    },
  };
}
