import type { AppUser, FlavourName } from "./endpoint.ts";
import { fingerprint, type Death, type IssueSource, type LineageRecord } from "./token-record.ts";
import type { TokenKind, TokenRecord } from "./token-record.ts";

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
  /** The Page of a Page token. */
  pageId: string | null;
  permissions: string[];
  issuedAt: Date;
  /** Null for a token without an end. */
  expiresAt: Date | null;
  isLive: boolean;
  /** Why it is not live: `expired`, `replaced`, or the reason it was ended with; null while it is live. */
  endedBy: string | null;
};

export function describeLineage<User extends AppUser>(
  lineage: LineageRecord<User>,
  whyDead: (token: TokenRecord<User>) => Death | undefined,
): Lineage {
  return {
    user: lineage.user.key,
    flavour: lineage.flavour,
    appId: lineage.appId,
    tokens: lineage.issues.map((issue) => {
      const { token } = issue;
      const dead = issue.generation === token.generation ? whyDead(token) : "replaced";
      return {
        generation: issue.generation,
        kind: token.kind,
        source: issue.source,
        tokenHash: fingerprint(token.value),
        pageId: token.pageId,
        permissions: [...token.permissions],
        issuedAt: new Date(issue.issuedAtMs),
        expiresAt: Number.isFinite(issue.expiresAtMs) ? new Date(issue.expiresAtMs) : null,
        isLive: dead === undefined,
        endedBy: dead === undefined ? null : typeof dead === "string" ? dead : dead.reason,
      };
    }),
  };
}
