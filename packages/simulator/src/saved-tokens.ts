import type { AppUser } from "./endpoint.ts";
import { SimulatorError } from "./simulator-error.ts";
import { newToken, recordIssue } from "./token-record.ts";
import type { IssueSource, LineageRecord, TokenEnding, TokenRecord } from "./token-record.ts";

/** A lineage as the state file holds it, with the person's app-scoped id. */
export type SavedLineage = {
  appId: string;
  person: string;
  tokens: SavedToken[];
  issues: SavedIssue[];
};

/** A token as the state file holds it; how it stands otherwise follows from its last issue. */
export type SavedToken = Pick<TokenRecord, "value" | "kind" | "pageId" | "permissions" | "replacedAtMs"> & {
  ending: TokenEnding | null;
};

/** An issue as the state file holds it. `token` is a position among the lineage's tokens. */
export type SavedIssue = { token: number; source: IssueSource; issuedAtMs: number; expiresAtMs: number };

export function saveLineage({ appId, user, issues }: LineageRecord): SavedLineage {
  const positions = new Map<TokenRecord, number>();
  for (const { token } of issues) if (!positions.has(token)) positions.set(token, positions.size);
  return {
    appId,
    person: user.appScopedId,
    tokens: Array.from(positions.keys(), (token) => ({
      value: token.value,
      kind: token.kind,
      pageId: token.pageId,
      permissions: token.permissions,
      replacedAtMs: token.replacedAtMs,
      ending: token.ending ?? null,
    })),
    issues: issues.map(({ token, source, issuedAtMs, expiresAtMs }) => ({
      token: positions.get(token) ?? -1,
      source,
      issuedAtMs,
      expiresAtMs,
    })),
  };
}

/** @throws {SimulatorError} `invalid_input` for an issue without its token, and for a token that was never issued. */
export function restoreTokens<User extends AppUser>(
  lineage: LineageRecord<User>,
  { tokens, issues }: SavedLineage,
): TokenRecord<User>[] {
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
