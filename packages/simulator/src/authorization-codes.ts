import type { AppUser } from "./endpoint.ts";
import type { Random } from "./random.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { UserTokenKind } from "./token-record.ts";

/** What one authorization code stands for. */
export type AuthorizationCode<User extends AppUser = AppUser> = {
  readonly value: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly user: User;
  /** What kind of token it is good for. */
  readonly tokenKind: UserTokenKind;
  permissions: readonly string[];
  readonly issuedAtMs: number;
  isUsed: boolean;
};

/** A code as the state file holds it, with the person's app-scoped id. */
export type SavedCode = Omit<AuthorizationCode, "user"> & { person: string };

/** The codes of one flavour. */
export type AuthorizationCodes<User extends AppUser> = {
  issue(terms: Omit<AuthorizationCode<User>, "value" | "isUsed">): AuthorizationCode<User>;
  find(value: string): AuthorizationCode<User> | undefined;
  /** Puts other permissions in place of those the person ticked, of whichever flavour. */
  regrant(code: AuthorizationCode, permissions: readonly string[]): void;
  /** A code works once. */
  spend(code: AuthorizationCode<User>): void;
  export(): SavedCode[];
  /** @throws {SimulatorError} `invalid_input` when a code comes twice. */
  restore(saved: readonly SavedCode[], findPerson: (appScopedId: string) => User): void;
};

/** `changed` is called after every change. */
export function createAuthorizationCodes<User extends AppUser>(
  random: Random,
  changed: () => void,
): AuthorizationCodes<User> {
  const byValue = new Map<string, AuthorizationCode<User>>();
  return {
    issue(terms) {
      const code: AuthorizationCode<User> = {
        ...terms,
        value: `SIMCODE_${random.text(48)}`,
        isUsed: false,
      };
      byValue.set(code.value, code);
      changed();
      return code;
    },
    find: (value) => byValue.get(value),
    regrant(code, permissions) {
      code.permissions = permissions;
      changed();
    },
    spend(code) {
      code.isUsed = true;
      changed();
    },
    export: () => [...byValue.values()].map(({ user, ...code }) => ({ ...code, person: user.appScopedId })),
    restore(saved, findPerson) {
      for (const { person, ...code } of saved) {
        if (byValue.has(code.value)) {
          throw new SimulatorError("invalid_input", "An authorization code is there twice.");
        }
        byValue.set(code.value, { ...code, user: findPerson(person) });
      }
    },
  };
}
