import type { Endpoint } from "../endpoint.ts";
import { graphError } from "../meta/graph-reply.ts";
import { identifyByToken } from "./access.ts";

/** What Graph says to a path it does not have, an API version that has ended included. */
export const unknownPath: Endpoint = {
  at: "unknown",
  flavour: "ig",
  identify: identifyByToken,
  process: (world, call, { metered }) =>
    graphError(world, { code: 2500, message: `Unknown path components: ${call.path}` }, metered),
};
