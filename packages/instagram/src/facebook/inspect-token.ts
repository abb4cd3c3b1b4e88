import { callGraph, field, tokenFields, type FacebookClient } from "../client.ts";
import { InstagramError } from "../errors.ts";
import { readTokenRefusal, readTokenReport, type TokenReport } from "./token-report.ts";

/** What an inspection found, and when it was asked for: by the server's clock if ours is wrong. */
export type Inspection = { report: TokenReport; asOf: Date };

/**
 * Asks Facebook about a token. A report is given only of a token that lives and was issued to this app: of any
 * other the identity it names proves nothing.
 *
 * @throws {InstagramError} the token's own faults; `foreign_app` as its reason for a token of another app;
 *   `invalid_client` when it is our id and secret that are refused.
 * @throws {TypeError} when the token is empty.
 * @see https://developers.facebook.com/docs/graph-api/reference/debug_token
 */
export async function inspectToken(client: FacebookClient, token: { value: string }): Promise<TokenReport> {
  return (await inspect(client, token)).report;
}

/** {@link inspectToken}, with the time from which its instants are to be counted. */
export async function inspect(client: FacebookClient, token: { value: string }): Promise<Inspection> {
  if (token.value.trim() === "") throw new TypeError("The token is empty.");
  const { clientId, clientSecret } = client.app;
  const operation = "inspect_token";
  const inspection = await callGraph(client, {
    operation,
    origin: client.origins.graph,
    path: `${client.versionPath}/debug_token`,
    query: [
      field("input_token", token.value),
      tokenFields(client, { value: `${clientId}|${clientSecret}` }),
    ].join("&"),
    isSignedByApp: true,
    readRefusal: readTokenRefusal,
    read: (answer, asOf, text) => {
      const report = readTokenReport(answer, asOf, text);
      return report === null ? null : { report, asOf };
    },
  });
  if (inspection.report.appId !== clientId) {
    throw new InstagramError({ code: "token_invalid", reason: "foreign_app", operation });
  }
  return inspection;
}
