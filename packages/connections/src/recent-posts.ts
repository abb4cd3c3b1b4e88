import type { AttemptTrigger } from "@perennial/db";
import { InstagramError, type MediaPage, type PublishingQuota } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { connectionErrorOf } from "./errors-of-instagram.ts";
import { handOut } from "./hand-out.ts";
import { heldConnection } from "./held-connection.ts";
import { loginOf } from "./logins.ts";
import { quotaOrNull } from "./quota-left.ts";
import type { Refresher } from "./refresh.ts";

/** The newest posts of a connection's account, and how much more it may publish. Holds no token. */
export type RecentPosts = {
  posts: MediaPage["items"];
  /** Null where it was not to be had: it needs a permission of its own. */
  quota: PublishingQuota | null;
};

/**
 * Reads the newest posts with the token that any other code would be handed: the visible proof that it works.
 *
 * @throws {ConnectionError} what a hand-out fails with, and what Instagram or Facebook said
 */
export async function recentPosts(
  deps: ConnectionsDeps,
  refresh: Refresher,
  input: { connectionId: string; userId: string; limit: number; trigger: AttemptTrigger },
): Promise<RecentPosts> {
  const { record } = await heldConnection(deps, input);
  const login = loginOf(deps, record.flavour);
  const { connectionId, trigger, limit } = input;
  const { accessToken, accountId } = await handOut(deps, refresh, { connectionId, trigger });
  const token = { value: accessToken };
  try {
    const [{ items }, quota] = await Promise.all([
      login.fetchRecentMedia(token, accountId, { limit }),
      quotaOrNull(login, token, accountId),
    ]);
    return { posts: items, quota };
  } catch (error) {
    throw error instanceof InstagramError ? connectionErrorOf(error) : error;
  }
}
