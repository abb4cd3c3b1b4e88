import type { Endpoint } from "../endpoint.ts";
import { graphError } from "../meta/graph-reply.ts";
import { unsupported } from "../meta/token-refusal.ts";
import { checkUserToken } from "./access.ts";
import { refuseClient } from "./client.ts";
import { CODE_REFUSALS } from "./code-refusals.ts";
import { parameterOf } from "./parameter.ts";
import { issueUserToken, tokenReply } from "./tokens.ts";

/**
 * `GET` or `POST /oauth/access_token` with `grant_type=fb_exchange_token`: a short-lived token for one of about 60 days.
 * There is no refresh: a token that is long-lived comes back as it is, with the end it has.
 */
export const exchangeForLongLivedToken: Endpoint = {
  at: "exchange",
  flavour: "fb",
  identify(world, call) {
    const presentedToken = parameterOf(call, "fb_exchange_token") ?? "";
    if (presentedToken === "") return {};
    const token = world.facebook.tokens.find(presentedToken);
    return token === undefined ? { presentedToken } : { presentedToken, token, user: token.lineage.user };
  },
  process(world, call, { presentedToken }) {
    if (!["GET", "POST"].includes(call.method)) return graphError(world, unsupported(call));
    const refusal = refuseClient(world, call);
    if (refusal !== undefined) return graphError(world, CODE_REFUSALS[refusal]);
    if (presentedToken === undefined) {
      return graphError(world, { code: 100, message: "(#100) The parameter fb_exchange_token is required" });
    }
    const checked = checkUserToken(world, presentedToken);
    if ("failure" in checked) return graphError(world, checked.failure);
    const { token } = checked;
    if (token.lineage.appId !== parameterOf(call, "client_id")) {
      const message = "(#100) The access token does not belong to this application";
      return graphError(world, { code: 100, message });
    }
    if (token.kind === "page" || token.kind === "system_user") {
      return graphError(world, {
        code: 100,
        message: "(#100) Only a person's access token can be exchanged",
      });
    }
    if (token.kind === "long_lived") return tokenReply(world, token);
    return tokenReply(
      world,
      issueUserToken(world, token.lineage, "long_lived", token.permissions, "exchange"),
    );
  },
};
