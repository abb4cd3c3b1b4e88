import type { Call } from "../endpoint.ts";
import type { Reply } from "../http/reply.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";
import { parseFields, unknownField } from "./fields.ts";
import { graphReply } from "./graph-reply.ts";

const SECONDS_PER_DAY = 86_400;

/** How many posts an account has used and may use per day. */
export function publishingLimitReply(world: World, user: SimulatedUser, { query }: Call): Reply {
  const limit: Record<string, unknown> = {};
  for (const { name } of parseFields(query.get("fields") ?? "quota_usage")) {
    if (name === "quota_usage") limit[name] = user.publishedToday;
    else if (name === "config") {
      limit[name] = { quota_total: world.policy.current.quota_total, quota_duration: SECONDS_PER_DAY };
    } else return unknownField(world, name, "IGContentPublishingLimit", user);
  }
  return graphReply(world, user, JSON.stringify({ data: [limit] }));
}
