import { InstagramError, type Login, type PublishingQuota } from "@perennial/instagram";

/** An account's publishing quota; null where it is refused: it needs a permission of its own, and nothing else does. */
export async function quotaOrNull(
  login: Login,
  token: { value: string },
  accountId: string,
): Promise<PublishingQuota | null> {
  try {
    return await login.fetchPublishingQuota(token, accountId);
  } catch (error) {
    if (error instanceof InstagramError) return null;
    throw error;
  }
}
