import type { AccountOption } from "../../components/account-options.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import { dayWords } from "../../lib/time-words.ts";
import type { ImportResult } from "../../lib/trpc.ts";

/** A connection that got a token by an import. */
export type ImportedConnection = Extract<ImportResult, { kind: "imported" }>["connections"][number];
/** An account that a brought token reaches. */
export type ReachedAccount = Extract<ImportResult, { kind: "choose" }>["accounts"][number];

/** The longest text the api takes, in characters. */
export const LONGEST_TEXT = 20_000;

/** Why a text is not even sent; null when it may be. */
export function textProblem(text: string): string | null {
  if (text.trim() === "") return "Paste something that holds a token first.";
  if (text.length > LONGEST_TEXT)
    return "That is longer than 20,000 characters. Paste only the part that holds the token.";
  return null;
}

/** Until when the token is good, and how sure that is. */
export function validityWords(
  { expiresAt, expiryBasis, flavour }: Pick<ImportedConnection, "expiresAt" | "expiryBasis" | "flavour">,
  now: number,
): string {
  const until = `Good until ${dayWords(Date.parse(expiresAt), now)}`;
  switch (expiryBasis) {
    case "told":
      return `${until}, as ${COMPANIES[flavour]} said.`;
    case "given":
      return `${until}, as it was given with the token. The first renewal brings a figure that is certain.`;
    case "estimated":
      return `${until}, a careful guess, as nobody said. The first look at it brings a figure that is certain.`;
  }
}

/** What became of the connection. */
export function outcomeWords({ isNew }: Pick<ImportedConnection, "isNew">): string {
  return isNew ? "Connected" : "Got the new token";
}

/** A reached account as the list to pick from shows it. */
export function reachedOption({ accountId, username, pageName }: ReachedAccount): AccountOption {
  const details = pageName === null ? "" : `Page: ${pageName}`;
  return { accountId, username, pictureUrl: null, details, note: null, isDisabled: false };
}
