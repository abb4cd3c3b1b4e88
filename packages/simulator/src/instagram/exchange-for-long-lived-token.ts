import type { Call, Endpoint } from "../endpoint.ts";
import { graphError, type GraphFailure } from "../meta/graph-reply.ts";
import { usualFailure } from "../meta/messages.ts";
import type { World } from "../world.ts";
import { unsupported } from "../meta/token-refusal.ts";
import { identifyByToken, requireAccess } from "./access.ts";
import { issueLongLived, longLivedReply } from "./long-lived-tokens.ts";

/** `GET /access_token`: a short-lived token for a long-lived one. */
export const exchangeForLongLivedToken: Endpoint = {
  at: "exchange",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    const failure = refuseCall(world, call);
    if (failure !== undefined) return graphError(world, failure, subject.metered);
    if (subject.presentedToken === undefined) return graphError(world, unsupported(call));
    const access = requireAccess(world, call, subject);
    if ("refusal" in access) return access.refusal;
    const { token, user } = access;
    if (token.lineage.appId !== world.instagramApp.clientId) return graphError(world, WRONG_SECRET, user);
    if (token.kind === "long_lived") return graphError(world, usualFailure(452, null), user);
    const next = issueLongLived(world, token.lineage, token.permissions, "exchange");
    return longLivedReply(world, next, false);
  },
};

/** Also what a token of another app gets: the secret is not its app's. */
const WRONG_SECRET: GraphFailure = { code: 100, message: "Error validating client secret." };

/** The secret is looked at before the token. */
function refuseCall(world: World, call: Call): GraphFailure | undefined {
  if (call.method !== "GET") return unsupported(call);
  if (call.query.get("grant_type") !== "ig_exchange_token") {
    return { code: 100, message: "(#100) Invalid parameter: grant_type" };
  }
  if (call.query.get("client_secret") !== world.instagramApp.clientSecret) {
    return WRONG_SECRET;
  }
  return undefined;
}
