import type { Connections } from "@perennial/connections";
import { ConnectionError } from "@perennial/connections";

import { UsageError } from "./usage-error.ts";

/** More than these are not named one by one. */
const MOST_NAMED = 5;

/** What commands say of the argument that names a connection. */
export const CONNECTION_ARGUMENT = "its id, as `perennial status` shows it, or @username";

/**
 * The id of the connection that a text names: an id, or `@username` where one connection goes by it.
 *
 * @throws {ConnectionError} `connection_not_found`
 * @throws {UsageError} `connection_ambiguous`, naming the ids
 */
export async function connectionIdOf(
  connections: Pick<Connections, "findByUsername">,
  text: string,
): Promise<string> {
  if (!text.startsWith("@")) return text;
  const found = await connections.findByUsername({ username: text.slice(1), limit: MOST_NAMED + 1 });
  const [only] = found;
  if (only === undefined)
    throw new ConnectionError("connection_not_found", { detail: "Nobody goes by that name." });
  if (found.length === 1) return only.id;
  const named = found.slice(0, MOST_NAMED).map(({ id, accountId }) => `${id} (account ${accountId})`);
  const more = found.length > MOST_NAMED ? " and more" : "";
  throw new UsageError(
    "connection_ambiguous",
    `More than one connection goes by ${text}: ${named.join(", ")}${more}.`,
    "Name it by its id.",
  );
}

/** Whose: a user's id, or that of the user who has the account `@username`. @throws as {@link connectionIdOf} */
export async function userIdOf(
  connections: Pick<Connections, "findByUsername" | "findConnection">,
  text: string,
): Promise<string> {
  if (!text.startsWith("@")) return text;
  return (await connections.findConnection(await connectionIdOf(connections, text))).userId;
}
