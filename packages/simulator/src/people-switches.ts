import type { NewSimulatedUser, SimulatedUser } from "./people.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { TokenRecord } from "./token-record.ts";
import type { World } from "./world.ts";

/** What can happen to a person at Instagram. Every method names the person by key and throws `unknown_user`. */
export type PeopleSwitches = {
  list(): SimulatedUser[];
  get(key: string): SimulatedUser;
  /** @throws {SimulatorError} `invalid_input` for a key or id that is taken. */
  add(user: NewSimulatedUser): SimulatedUser;
  /**
   * Ends every live token of the person with error 190 and a subcode: 458 unless another is given (459 checkpoint,
   * 464 unconfirmed, 467 logged out), null for a bare 190.
   */
  revoke(key: string, options?: { subcode?: number | null }): void;
  /** Ends every live token with 190/460. */
  passwordChanged(key: string): void;
  /** The person removes the app in Instagram's settings: every live token ends with 190/458. */
  removeApp(key: string): void;
  /** The account stops being professional: graph calls and sign-in are refused. */
  switchToPersonal(key: string): void;
  switchToProfessional(key: string, accountType?: "BUSINESS" | "MEDIA_CREATOR"): void;
  rename(key: string, username: string): void;
  grantTesterRole(key: string): void;
  /** Graph calls then get "Unsupported request", and sign-in is refused while the app is in development. */
  withdrawTesterRole(key: string): void;
  /** Takes permissions away from tokens the app holds already. */
  withdrawPermissions(key: string, permissions: readonly string[]): void;
  /** The account is deleted: it leaves the consent page and its tokens end with a bare 190. */
  remove(key: string): void;
};

export function createPeopleSwitches(world: World): PeopleSwitches {
  const { people, tokens, clock } = world;

  function endAll(key: string, subcode: number | null, reason: string): void {
    tokens.endAll(people.get(key), clock.nowMs(), { subcode, reason });
  }

  return {
    list: () => people.list(),
    get: (key) => people.get(key),
    add: (user) => people.add(user),
    revoke: (key, { subcode = 458 } = {}) => endAll(key, subcode, "revoked"),
    passwordChanged: (key) => endAll(key, 460, "password_changed"),
    removeApp(key) {
      const ending = { subcode: 458, reason: "app_removed" };
      const { clientId: foreignId } = world.foreignInstagramApp;
      const isOurs = (token: TokenRecord) => token.lineage.appId !== foreignId;
      tokens.endAll(people.get(key), clock.nowMs(), ending, isOurs);
    },
    switchToPersonal(key) {
      people.change(key, { accountType: "PERSONAL" });
    },
    switchToProfessional(key, accountType = "BUSINESS") {
      people.change(key, { accountType });
    },
    rename(key, username) {
      if (username === "") throw new SimulatorError("invalid_input", "A username is not empty.");
      people.change(key, { username });
    },
    grantTesterRole(key) {
      people.change(key, { hasTesterRole: true });
    },
    withdrawTesterRole(key) {
      people.change(key, { hasTesterRole: false });
    },
    withdrawPermissions: (key, permissions) => tokens.withdraw(people.get(key), permissions),
    remove(key) {
      endAll(key, null, "account_deleted");
      people.remove(key);
      world.facebook.people.unlink(key);
    },
  };
}
