import { countWords, durationWords } from "../../lib/time-words.ts";
import type { Connection, Validation } from "../../lib/trpc.ts";
import { accountKind } from "./account-words.ts";

type Quota = NonNullable<Validation["quota"]>;
type Change = Validation["changes"][number];

/** A line of what a look at a token found. */
export type ValidationLine = { name: string; words: string; isGood: boolean | null };

/** What was found, line by line; only what was looked at. */
export function validationLines(
  { account, permissions, missingScopes, quota }: Validation,
  { username }: Pick<Connection, "username">,
): ValidationLine[] {
  // Nothing else was seen of a token that did not prove whose it is.
  if (account === null) return [{ name: "Account", words: `Not proved to be @${username}`, isGood: false }];
  const kind = account.accountType === "unknown" ? "" : `, ${accountKind(account.accountType)}`;
  return [
    { name: "Account", words: `The same as ever: @${account.username}${kind}`, isGood: true },
    scopeLine(permissions, missingScopes),
    {
      name: "Publishing",
      words: quota === null ? "Not to be had: it needs the permission to publish" : quotaWords(quota),
      isGood: quota === null ? null : quotaLeft(quota) !== 0,
    },
  ];
}

function scopeLine(
  permissions: Validation["permissions"],
  missing: Validation["missingScopes"],
): ValidationLine {
  if (permissions === null) return { name: "Permissions", words: "Nobody said which", isGood: null };
  if (missing.length === 0)
    return { name: "Permissions", words: `All ${countWords(permissions.length)} are there`, isGood: true };
  const names = missing.map(({ scope }) => scope).join(", ");
  return { name: "Permissions", words: `Missing: ${names}`, isGood: false };
}

/** How much may still be published; null where nobody said how much there is. */
export function quotaLeft({ used, total }: Quota): number | null {
  return total === null ? null : Math.max(0, total - used);
}

/** "98 of 100 posts left in 24 hours". */
export function quotaWords(quota: Quota): string {
  const { used, total, windowSeconds } = quota;
  const span = windowSeconds === null ? "" : ` in ${durationWords(windowSeconds * 1000)}`;
  const left = quotaLeft(quota);
  return left === null || total === null
    ? `${countWords(used)} ${used === 1 ? "post" : "posts"} published${span}`
    : `${countWords(left)} of ${countWords(total)} posts left${span}`;
}

const CHANGED: Record<Change["what"], string> = {
  username: "The username",
  name: "The name",
  accountType: "The kind of account",
  permissions: "The permissions",
};

/** What is another than the last time, in a sentence. */
export function changeWords({ what, before, after }: Change): string {
  const shown = (value: string): string => {
    if (value === "") return "none";
    return what === "accountType" ? accountKind(value) : value;
  };
  return `${CHANGED[what]} changed from ${shown(before)} to ${shown(after)}.`;
}
