import { hash } from "node:crypto";
import type { FlavourName } from "./endpoint.ts";
import type { SimulatedUser } from "./people.ts";
import type { Random } from "./random.ts";
import { SimulatorError } from "./simulator-error.ts";

/** Short-lived tokens come from a code, long-lived ones from an exchange, a refresh or the dashboard. */
export type TokenKind = "short_lived" | "long_lived";

/** Why a token stopped working before its expiry: a subcode of error 190, or null for a bare 190. */
export type TokenEnding = { subcode: number | null; reason: string };

/** One token string and how it stands. */
export type TokenRecord = {
  readonly value: string;
  readonly kind: TokenKind;
  readonly lineage: LineageRecord;
  permissions: readonly string[];
  /** Position in the lineage; a refresh that answers with the same string moves it on. */
  generation: number;
  issuedAtMs: number;
  expiresAtMs: number;
  ending: TokenEnding | undefined;
  /** When a grace period after rotation ends. */
  replacedAtMs: number;
  inFlight: number;
  highWaterMark: number;
};

type Issue = {
  generation: number;
  source: IssueSource;
  issuedAtMs: number;
  expiresAtMs: number;
  token: TokenRecord;
};

/** Where a token came from. */
export type IssueSource = "code" | "exchange" | "refresh" | "dashboard";

/** Every token of one person at one app. */
export type LineageRecord = {
  readonly flavour: FlavourName;
  readonly appId: string;
  readonly user: SimulatedUser;
  readonly issues: Issue[];
};

/** Every token the simulator ever issued for one person at one app: the truth that tests compare with. */
export type Lineage = {
  user: string;
  flavour: FlavourName;
  appId: string;
  tokens: LineageToken[];
};

/** One issue of a token. `tokenHash` is SHA-256 in hex; two issues share it when a refresh kept the string. */
export type LineageToken = {
  generation: number;
  kind: TokenKind;
  source: IssueSource;
  tokenHash: string;
  permissions: string[];
  issuedAt: Date;
  expiresAt: Date;
  isLive: boolean;
  /** Why it is not live: `expired`, `replaced`, or the reason it was ended with; null while it is live. */
  endedBy: string | null;
};

/** A lineage as the state file holds it, with the person's app-scoped id. */
export type SavedLineage = {
  flavour: FlavourName;
  appId: string;
  person: string;
  tokens: SavedToken[];
  issues: SavedIssue[];
};

/** A token as the state file holds it; how it stands otherwise follows from its last issue. */
export type SavedToken = Pick<TokenRecord, "value" | "kind" | "permissions" | "replacedAtMs"> & {
  ending: TokenEnding | null;
};

/** An issue as the state file holds it. `token` is a position among the lineage's tokens. */
export type SavedIssue = { token: number; source: IssueSource; issuedAtMs: number; expiresAtMs: number };

type TokenTerms = {
  kind: TokenKind;
  source: IssueSource;
  permissions: readonly string[];
  issuedAtMs: number;
  lifetimeS: number;
};

export type TokenStore = {
  find(value: string): TokenRecord | undefined;
  lineageOf(flavour: FlavourName, appId: string, user: SimulatedUser): LineageRecord;
  issue(lineage: LineageRecord, terms: TokenTerms): TokenRecord;
  /** Extends a token in place, as a refresh that keeps the string does. */
  extend(token: TokenRecord, issuedAtMs: number, lifetimeS: number): void;
  /** Lets a token end at an instant because another took its place; the earliest instant counts. */
  replace(token: TokenRecord, atMs: number): void;
  /** Puts other permissions in place of those a token has. */
  regrant(token: TokenRecord, permissions: readonly string[]): void;
  /** Ends every token of a person that still works. */
  endAll(user: SimulatedUser, nowMs: number, ending: TokenEnding): void;
  /** Takes permissions away from every token of a person. */
  withdraw(user: SimulatedUser, permissions: readonly string[]): void;
  /** Of one person, or of everybody. */
  lineages(nowMs: number, user?: SimulatedUser): Lineage[];
  export(): SavedLineage[];
  /** @throws {SimulatorError} `invalid_input` when a token comes twice or was never issued. */
  restore(saved: readonly SavedLineage[], findPerson: (appScopedId: string) => SimulatedUser): void;
};

/** `changed` is called after every change. */
export function createTokenStore(random: Random, changed: () => void): TokenStore {
  const byValue = new Map<string, TokenRecord>();
  const byUser = new Map<SimulatedUser, LineageRecord[]>();

  function* tokensOf(user: SimulatedUser): Generator<TokenRecord> {
    for (const lineage of byUser.get(user) ?? []) for (const issue of lineage.issues) yield issue.token;
  }

  function lineageOf(flavour: FlavourName, appId: string, user: SimulatedUser): LineageRecord {
    const known = byUser.get(user) ?? [];
    const found = known.find((one) => one.flavour === flavour && one.appId === appId);
    if (found !== undefined) return found;
    const lineage: LineageRecord = { flavour, appId, user, issues: [] };
    byUser.set(user, [...known, lineage]);
    return lineage;
  }

  return {
    find: (value) => byValue.get(value),
    lineageOf,
    issue(lineage, terms) {
      const { kind, permissions, source, issuedAtMs, lifetimeS } = terms;
      const token = newToken(lineage, { value: `SIMTOK_${random.text(64)}`, kind, permissions });
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
    endAll(user, nowMs, ending) {
      for (const token of tokensOf(user)) if (whyDead(token, nowMs) === undefined) token.ending = ending;
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
      return wanted.map((lineage) => describeLineage(lineage, nowMs));
    },
    export: () => [...byUser.values()].flat().map(saveLineage),
    restore(saved, findPerson) {
      for (const { flavour, appId, person, tokens, issues } of saved) {
        const lineage = lineageOf(flavour, appId, findPerson(person));
        for (const token of restoreTokens(lineage, tokens, issues)) {
          if (byValue.has(token.value)) {
            throw new SimulatorError("invalid_input", "An access token is there twice.");
          }
          byValue.set(token.value, token);
        }
      }
    },
  };
}

function newToken(
  lineage: LineageRecord,
  terms: Pick<TokenRecord, "value" | "kind" | "permissions">,
): TokenRecord {
  return {
    value: terms.value,
    kind: terms.kind,
    lineage,
    permissions: terms.permissions,
    generation: 0,
    issuedAtMs: 0,
    expiresAtMs: 0,
    ending: undefined,
    replacedAtMs: Number.POSITIVE_INFINITY,
    inFlight: 0,
    highWaterMark: 0,
  };
}

function saveLineage({ flavour, appId, user, issues }: LineageRecord): SavedLineage {
  const positions = new Map<TokenRecord, number>();
  for (const { token } of issues) if (!positions.has(token)) positions.set(token, positions.size);
  return {
    flavour,
    appId,
    person: user.appScopedId,
    tokens: Array.from(positions.keys(), ({ value, kind, permissions, replacedAtMs, ending = null }) => ({
      value,
      kind,
      permissions,
      replacedAtMs,
      ending,
    })),
    issues: issues.map(({ token, source, issuedAtMs, expiresAtMs }) => ({
      token: positions.get(token) ?? -1,
      source,
      issuedAtMs,
      expiresAtMs,
    })),
  };
}

function restoreTokens(
  lineage: LineageRecord,
  tokens: readonly SavedToken[],
  issues: readonly SavedIssue[],
): TokenRecord[] {
  const restored = tokens.map((saved) => {
    const { replacedAtMs, ending } = saved;
    return Object.assign(newToken(lineage, saved), { replacedAtMs, ending: ending ?? undefined });
  });
  for (const { token: position, source, issuedAtMs, expiresAtMs } of issues) {
    const token = restored[position];
    if (token === undefined) throw new SimulatorError("invalid_input", "An issued token is missing.");
    recordIssue(token, source, issuedAtMs, expiresAtMs);
  }
  if (restored.some((token) => token.generation === 0)) {
    throw new SimulatorError("invalid_input", "An access token was never issued.");
  }
  return restored;
}

function recordIssue(token: TokenRecord, source: IssueSource, issuedAtMs: number, expiresAtMs: number): void {
  const { issues } = token.lineage;
  token.generation = issues.length + 1;
  token.issuedAtMs = issuedAtMs;
  token.expiresAtMs = expiresAtMs;
  const { generation } = token;
  issues.push({ generation, source, issuedAtMs, expiresAtMs, token });
}

/** Why a token does not work at this instant; undefined when it does. */
export function whyDead(token: TokenRecord, nowMs: number): TokenEnding | "replaced" | "expired" | undefined {
  if (token.ending !== undefined) return token.ending;
  if (nowMs >= token.expiresAtMs) return "expired";
  return nowMs >= token.replacedAtMs ? "replaced" : undefined;
}

/** SHA-256 of a secret in hex: how ledger and lineages name tokens and codes. */
export function fingerprint(secret: string): string {
  return hash("sha256", secret, "hex");
}

function describeLineage(lineage: LineageRecord, nowMs: number): Lineage {
  return {
    user: lineage.user.key,
    flavour: lineage.flavour,
    appId: lineage.appId,
    tokens: lineage.issues.map((issue) => {
      const { token } = issue;
      const dead = issue.generation === token.generation ? whyDead(token, nowMs) : "replaced";
      return {
        generation: issue.generation,
        kind: token.kind,
        source: issue.source,
        tokenHash: fingerprint(token.value),
        permissions: [...token.permissions],
        issuedAt: new Date(issue.issuedAtMs),
        expiresAt: new Date(issue.expiresAtMs),
        isLive: dead === undefined,
        endedBy: dead === undefined ? null : typeof dead === "string" ? dead : dead.reason,
      };
    }),
  };
}
