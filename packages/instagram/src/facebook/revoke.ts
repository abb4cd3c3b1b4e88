import { callGraph, tokenFields, type FacebookClient } from "../client.ts";
import { readId } from "../wire.ts";

/**
 * Takes every permission of a person back from the app: all its tokens for them are dead afterwards. `userId` is
 * the Facebook user id the token belongs to.
 *
 * @throws {InstagramError} when Facebook does not confirm it.
 * @throws {TypeError} when the user id is none, or the token is empty.
 * @see https://developers.facebook.com/docs/graph-api/reference/user/permissions
 */
export async function revoke(
  client: FacebookClient,
  token: { value: string },
  userId: string,
): Promise<void> {
  if (readId(userId) === null) throw new TypeError("A user id is made of digits only.");
  await callGraph(client, {
    operation: "revoke",
    origin: client.origins.graph,
    path: `${client.versionPath}/${userId}/permissions`,
    query: tokenFields(client, token),
    method: "DELETE",
    acceptsBareTrue: true,
    read: (answer) => (answer.success === true ? true : null),
  });
}
