import type { ConnectionVersions } from "./store/connections.ts";

type Row = { userId: string; id: string; version: number };

/** The versions of every user who was asked for; those without connections have an empty record. */
export function versionsByUser(
  userIds: readonly string[],
  rows: readonly Row[],
): Map<string, ConnectionVersions> {
  const versions = new Map<string, ConnectionVersions>(userIds.map((userId) => [userId, {}]));
  for (const { userId, id, version } of rows) {
    const ofUser = versions.get(userId);
    if (ofUser !== undefined) ofUser[id] = version;
  }
  return versions;
}
