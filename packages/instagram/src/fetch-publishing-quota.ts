import { callGraph, tokenFields, type GraphClient } from "./client.ts";
import { asObject, onlyRecord, readCount, readId, type JsonObject } from "./wire.ts";

/** How much an account has published, and how much it may. */
export type PublishingQuota = {
  used: number;
  /** Null when the answer does not say; it has changed over the years. */
  total: number | null;
  /** The rolling window both figures belong to. */
  windowSeconds: number | null;
};

/**
 * Reads an account's publishing quota. `accountId` is the professional account id of the profile.
 *
 * @throws {InstagramError} when Instagram does not give it.
 * @throws {TypeError} when the account id is none, or the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit
 */
export async function fetchPublishingQuota(
  client: GraphClient,
  token: { value: string },
  accountId: string,
): Promise<PublishingQuota> {
  if (readId(accountId) === null) throw new TypeError("An account id is made of digits only.");
  return await callGraph(client, {
    operation: "fetch_publishing_quota",
    origin: client.origins.graph,
    path: `${client.versionPath}/${accountId}/content_publishing_limit`,
    query: `fields=quota_usage,config&${tokenFields(client, token)}`,
    read: readQuota,
  });
}

function readQuota(answer: JsonObject): PublishingQuota | null {
  const record = onlyRecord(answer);
  const used = readCount(record?.quota_usage);
  if (used === null) return null;
  const config = asObject(record?.config);
  return { used, total: readCount(config?.quota_total), windowSeconds: readCount(config?.quota_duration) };
}
