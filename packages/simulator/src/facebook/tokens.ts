import type { Reply } from "../http/reply.ts";
import { graphReply } from "../meta/graph-reply.ts";
import { longLifetimeS } from "../meta/token-lifetime.ts";
import type { IssueSource, LineageRecord, TokenRecord, UserTokenKind } from "../token-record.ts";
import type { World } from "../world.ts";
import type { FacebookPage, FacebookPerson } from "./person.ts";

type Lineage = LineageRecord<FacebookPerson>;
type Token = TokenRecord<FacebookPerson>;

/** Issues a token of a person or of their system user; the latter has no end. */
export function issueUserToken(
  world: World,
  lineage: Lineage,
  kind: UserTokenKind,
  permissions: readonly string[],
  source: IssueSource,
): Token {
  const lifetimes = {
    short_lived: () => world.policy.current.short_lifetime_s,
    long_lived: () => longLifetimeS(world),
    system_user: () => Number.POSITIVE_INFINITY,
  };
  const issuedAtMs = world.clock.nowMs();
  return world.facebook.tokens.issue(lineage, {
    kind,
    source,
    permissions,
    issuedAtMs,
    lifetimeS: lifetimes[kind](),
  });
}

/**
 * The Page token that goes with a person's token: without an end when that one is long-lived, with the same end when it
 * is short-lived. Asked for again it is the same one.
 */
export function pageTokenOf(world: World, token: Token, page: FacebookPage): Token {
  const { facebook, clock } = world;
  const nowMs = clock.nowMs();
  const expiresAtMs = token.kind === "short_lived" ? token.expiresAtMs : Number.POSITIVE_INFINITY;
  const known = token.lineage.issues.findLast(
    ({ token: one }) =>
      one.pageId === page.id &&
      one.expiresAtMs === expiresAtMs &&
      facebook.tokens.whyDead(one, nowMs) === undefined,
  );
  if (known !== undefined) return known.token;
  return facebook.tokens.issue(token.lineage, {
    kind: "page",
    source: "page",
    permissions: token.permissions,
    issuedAtMs: nowMs,
    lifetimeS: (expiresAtMs - nowMs) / 1000,
    pageId: page.id,
  });
}

/** The answer of the token endpoint, as the policy says with or without the seconds that are left. */
export function tokenReply(world: World, token: Token): Reply {
  const leftMs = token.expiresAtMs - world.clock.nowMs();
  const isSaid = world.policy.current.fb_expires_in === "present" && Number.isFinite(leftMs);
  const expiresIn = isSaid ? `,"expires_in":${Math.round(leftMs / 1000)}` : "";
  const body = `{"access_token":"${token.value}","token_type":"bearer"${expiresIn}}`;
  return { ...graphReply(world, undefined, body), issued: token };
}
