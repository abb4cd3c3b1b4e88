import { callGraph, tokenFields, type FacebookClient } from "../client.ts";
import { asObject, readPermissions, type JsonObject } from "../wire.ts";

/** What a person was asked for, and what came of it. */
export type PermissionReport = { granted: string[]; declined: string[] };

/**
 * Reads back what the person granted and what not. A permission that has expired counts as declined.
 *
 * @throws {InstagramError} when Facebook does not give them.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/graph-api/reference/user/permissions
 */
export async function fetchPermissions(
  client: FacebookClient,
  token: { value: string },
): Promise<PermissionReport> {
  return await callGraph(client, {
    operation: "fetch_permissions",
    origin: client.origins.graph,
    path: `${client.versionPath}/me/permissions`,
    query: tokenFields(client, token),
    read: readPermissionReport,
  });
}

function readPermissionReport(answer: JsonObject): PermissionReport | null {
  if (!Array.isArray(answer.data)) return null;
  const report: PermissionReport = { granted: [], declined: [] };
  for (const entry of answer.data) {
    const record = asObject(entry);
    const [name] = readPermissions(record?.permission) ?? [];
    if (record === null || name === undefined) return null;
    (record.status === "granted" ? report.granted : report.declined).push(name);
  }
  return report;
}
