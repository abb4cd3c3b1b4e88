import type { Endpoint } from "../endpoint.ts";
import { pageOfMedia } from "../meta/media.ts";
import { identifyByToken } from "./access.ts";
import { requireOwnNode } from "./node.ts";
import { BASIC } from "./scopes.ts";

/** `GET /me/media` and `GET /{professional id}/media`: posts, newest first, a page at a time. */
export const mediaList: Endpoint = {
  at: "media",
  flavour: "ig",
  identify: identifyByToken,
  process(world, call, subject) {
    const own = requireOwnNode(world, call, subject, BASIC);
    return "refusal" in own ? own.refusal : pageOfMedia(world, own.user, call);
  },
};
