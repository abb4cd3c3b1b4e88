import type { FlavourName } from "./endpoint.ts";
import type { SimulatedUser } from "./people.ts";
import type { Random } from "./random.ts";

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

export type AuthorizationCodes = {
  issue(terms: Omit<AuthorizationCode, "value" | "isUsed">): AuthorizationCode;
  find(value: string): AuthorizationCode | undefined;
};

export function createAuthorizationCodes(random: Random): AuthorizationCodes {
  const byValue = new Map<string, AuthorizationCode>();
  return {
    issue(terms) {
      const code: AuthorizationCode = { ...terms, value: `SIMCODE_${random.text(48)}`, isUsed: false };
      byValue.set(code.value, code);
      return code;
    },
    find: (value) => byValue.get(value),
  };
}
