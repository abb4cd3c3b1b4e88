import { callGraph, tokenFields, type InstagramClient } from "./client.ts";
import { hasRepeatedKey, onlyRecord, readId, type JsonObject } from "./wire.ts";

/**
 * Proves that a token lives, by the smallest request there is, and gives back the professional account id it
 * belongs to. It changes nothing, so it may be repeated at any time. Works for short-lived and long-lived tokens.
 *
 * @throws {InstagramError} `needsReauth` when the token is dead; anything else proves nothing about it.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/get-started
 */
export async function probeToken(client: InstagramClient, token: { value: string }): Promise<string> {
  return await callGraph(client, {
    operation: "probe_token",
    origin: client.origins.graph,
    path: `${client.versionPath}/me`,
    query: `fields=user_id&${tokenFields(client, token)}`,
    read: readAccountId,
  });
}

function readAccountId(answer: JsonObject, _sentAt: Date, text: string): string | null {
  return hasRepeatedKey(text, "user_id") ? null : readId(onlyRecord(answer)?.user_id);
}
