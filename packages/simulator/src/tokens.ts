import type { AppUser, FlavourName } from "./endpoint.ts";
import type { Random } from "./random.ts";
import { restoreTokens, saveLineage, type SavedLineage } from "./saved-tokens.ts";
import { SimulatorError } from "./simulator-error.ts";
import { describeLineage, type Lineage } from "./token-lineage.ts";
import { newToken, ownDeath, recordIssue } from "./token-record.ts";
import type {
  Death,
  IssueSource,
  LineageRecord,
  TokenEnding,
  TokenKind,
  TokenRecord,
} from "./token-record.ts";

type TokenTerms = {
  kind: TokenKind;
  source: IssueSource;
  permissions: readonly string[];
  issuedAtMs: number;
  /** Infinite for a token without an end. */
  lifetimeS: number;
  pageId?: string;
};

/** The tokens of one flavour. */
export type TokenStore<User extends AppUser> = {
  find(value: string): TokenRecord<User> | undefined;
  lineageOf(appId: string, user: User): LineageRecord<User>;
  issue(lineage: LineageRecord<User>, terms: TokenTerms): TokenRecord<User>;
  /** Extends a token in place, as a refresh that keeps the string does. */
  extend(token: TokenRecord<User>, issuedAtMs: number, lifetimeS: number): void;
  /** Lets a token end at an instant because another took its place; the earliest instant counts. */
  replace(token: TokenRecord<User>, atMs: number): void;
  /** Puts other permissions in place of those a token has, of whichever flavour. */
  regrant(token: TokenRecord, permissions: readonly string[]): void;
  /** The same for every token of a person's own at one app. */
  regrantAll(appId: string, user: User, permissions: readonly string[]): void;
  /** Why a token does not work at this instant; undefined when it does. */
  whyDead(token: TokenRecord<User>, nowMs: number): Death | undefined;
  /** Ends the tokens of a person that still work, all of them or those that are meant. */
  endAll(
    user: User,
    nowMs: number,
    ending: TokenEnding,
    isMeant?: (token: TokenRecord<User>) => boolean,
  ): void;
  /** Takes permissions away from every token of a person. */
  withdraw(user: User, permissions: readonly string[]): void;
  /** Of one person, or of everybody. */
  lineages(nowMs: number, user?: User): Lineage[];
  export(): SavedLineage[];
  /** @throws {SimulatorError} `invalid_input` when a token comes twice or was never issued. */
  restore(saved: readonly SavedLineage[], findPerson: (appScopedId: string) => User): void;
};

type StoreParts<User extends AppUser> = {
  flavour: FlavourName;
  random: Random;
  /** Called after every change. */
  changed: () => void;
  /** What else can stop a token, beyond its own life. */
  whyStopped?: (token: TokenRecord<User>, nowMs: number) => TokenEnding | undefined;
};

export function createTokenStore<User extends AppUser>(parts: StoreParts<User>): TokenStore<User> {
  const { flavour, random, changed } = parts;
  const byValue = new Map<string, TokenRecord<User>>();
  const byUser = new Map<User, LineageRecord<User>[]>();

  function* tokensOf(user: User): Generator<TokenRecord<User>> {
    for (const lineage of byUser.get(user) ?? []) for (const issue of lineage.issues) yield issue.token;
  }

  function lineageOf(appId: string, user: User): LineageRecord<User> {
    const known = byUser.get(user) ?? [];
    const found = known.find((one) => one.appId === appId);
    if (found !== undefined) return found;
    const lineage: LineageRecord<User> = { flavour, appId, user, issues: [] };
    byUser.set(user, [...known, lineage]);
    return lineage;
  }

  function whyDead(token: TokenRecord<User>, nowMs: number): Death | undefined {
    return ownDeath(token, nowMs) ?? parts.whyStopped?.(token, nowMs);
  }

  return {
    find: (value) => byValue.get(value),
    lineageOf,
    issue(lineage, { kind, permissions, source, issuedAtMs, lifetimeS, pageId = null }) {
      const value = `SIMTOK_${random.text(64)}`;
      const token = newToken(lineage, { value, kind, permissions, pageId });
      byValue.set(token.value, token);
      recordIssue(token, source, issuedAtMs, issuedAtMs + lifetimeS * 1000);
      changed();
      return token;
    },
    extend(token, issuedAtMs, lifetimeS) {
      recordIssue(token, "refresh", issuedAtMs, issuedAtMs + lifetimeS * 1000);
      changed();
    },
    replace(token, atMs) {
      token.replacedAtMs = Math.min(token.replacedAtMs, atMs);
      changed();
    },
    regrant(token, permissions) {
      token.permissions = permissions;
      changed();
    },
    regrantAll(appId, user, permissions) {
      for (const token of tokensOf(user)) {
        if (token.lineage.appId === appId && token.kind !== "system_user") token.permissions = permissions;
      }
      changed();
    },
    whyDead,
    endAll(user, nowMs, ending, isMeant = () => true) {
      for (const token of tokensOf(user)) {
        if (isMeant(token) && ownDeath(token, nowMs) === undefined) token.ending = ending;
      }
      changed();
    },
    withdraw(user, permissions) {
      for (const token of tokensOf(user)) {
        token.permissions = token.permissions.filter((one) => !permissions.includes(one));
      }
      changed();
    },
    lineages(nowMs, user) {
      const wanted = user === undefined ? [...byUser.values()].flat() : (byUser.get(user) ?? []);
      return wanted.map((lineage) => describeLineage(lineage, (token) => whyDead(token, nowMs)));
    },
    export: () => [...byUser.values()].flat().map(saveLineage),
    restore(saved, findPerson) {
      for (const one of saved) {
        const lineage = lineageOf(one.appId, findPerson(one.person));
        for (const token of restoreTokens(lineage, one)) {
          if (byValue.has(token.value)) {
            throw new SimulatorError("invalid_input", "An access token is there twice.");
          }
          byValue.set(token.value, token);
        }
      }
    },
  };
}
