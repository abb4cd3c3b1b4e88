import type { FlavourName } from "./endpoint.ts";
import type { SimulatedUser } from "./people.ts";
import type { Random } from "./random.ts";
import { SimulatorError } from "./simulator-error.ts";

/** What one authorization code stands for. */
export type AuthorizationCode = {
  readonly value: string;
  readonly flavour: FlavourName;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly user: SimulatedUser;
  permissions: readonly string[];
  readonly issuedAtMs: number;
  isUsed: boolean;
};

/** A code as the state file holds it, with the person's app-scoped id. */
export type SavedCode = Omit<AuthorizationCode, "user"> & { person: string };

export type AuthorizationCodes = {
  issue(terms: Omit<AuthorizationCode, "value" | "isUsed">): AuthorizationCode;
  find(value: string): AuthorizationCode | undefined;
  /** Puts other permissions in place of those the person ticked. */
  regrant(code: AuthorizationCode, permissions: readonly string[]): void;
  /** A code works once. */
  spend(code: AuthorizationCode): void;
  export(): SavedCode[];
  /** @throws {SimulatorError} `invalid_input` when a code comes twice. */
  restore(saved: readonly SavedCode[], findPerson: (appScopedId: string) => SimulatedUser): void;
};

/** `changed` is called after every change. */
export function createAuthorizationCodes(random: Random, changed: () => void): AuthorizationCodes {
  const byValue = new Map<string, AuthorizationCode>();
  return {
    issue(terms) {
      const code: AuthorizationCode = { ...terms, value: `SIMCODE_${random.text(48)}`, isUsed: false };
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
