import { CircleCheck, CircleX, Hourglass, type LucideIcon } from "lucide-react";

import { dayWords } from "../../lib/time-words.ts";
import type { ApiKey, KeyAction } from "../../lib/trpc.ts";

const DAY_MS = 86_400_000;
/** A key that ends within this time is worth a second look. */
const ENDS_SOON_MS = 14 * DAY_MS;

/** What a key may do, in the order it is shown, with what each of it means. */
export const ACTIONS: readonly { action: KeyAction; name: string; meaning: string }[] = [
  {
    action: "token",
    name: "Take tokens",
    meaning: "Gets an access token that works, to call Instagram with.",
  },
  { action: "read", name: "Read connections", meaning: "Sees names, states and deadlines, and no token." },
  { action: "refresh", name: "Renew", meaning: "Asks for a renewal before its time." },
];

/** How long a new key may be good for. */
export type KeyLifetime = "30" | "90" | "365" | "never";

/** The choices, shortest first. */
export const LIFETIMES: readonly { value: KeyLifetime; label: string }[] = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "never", label: "No end" },
];

/** When a key that is made now ends; null when it never does. */
export function endOf(lifetime: KeyLifetime, nowMs: number): string | null {
  return lifetime === "never" ? null : new Date(nowMs + Number(lifetime) * DAY_MS).toISOString();
}

/** How a key stands, as a word, a sign and a colour. */
export type KeyLook = { word: string; icon: LucideIcon; className: string };

/** How a key stands by people's clocks. */
export function keyLook(
  { revokedAt, expiresAt }: Pick<ApiKey, "revokedAt" | "expiresAt">,
  nowMs: number,
): KeyLook {
  if (revokedAt !== null) return { word: "Revoked", icon: CircleX, className: "text-slate" };
  const leftMs = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return { word: "Expired", icon: CircleX, className: "text-clay" };
  if (leftMs < ENDS_SOON_MS) return { word: "Ends soon", icon: Hourglass, className: "text-amber" };
  return { word: "Works", icon: CircleCheck, className: "text-evergreen" };
}

/** What a key may do: "Takes tokens and renews". */
export function actionsWords(actions: readonly KeyAction[]): string {
  const VERBS: Record<KeyAction, string> = {
    token: "takes tokens",
    read: "reads connections",
    refresh: "renews",
  };
  const verbs = ACTIONS.filter(({ action }) => actions.includes(action)).map(({ action }) => VERBS[action]);
  const text = listWords(verbs);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** For which accounts: "of all accounts", "of @acme.shop and @lena.paints", "of @acme.shop and 2 more". */
export function accountsWords(
  connectionIds: readonly string[] | null,
  accounts: readonly { id: string; username: string }[],
): string {
  if (connectionIds === null) return "of all accounts";
  const names = connectionIds.flatMap((id) => {
    const account = accounts.find((candidate) => candidate.id === id);
    return account === undefined ? [] : [`@${account.username}`];
  });
  if (names.length === 0) return "of accounts that are no longer connected";
  if (names.length <= 2) return `of ${listWords(names)}`;
  return `of ${names[0] ?? ""} and ${names.length - 1} more`;
}

/** Until when it is good. */
export function lifetimeWords({ expiresAt }: Pick<ApiKey, "expiresAt">, nowMs: number): string {
  if (expiresAt === null) return "no end";
  const at = Date.parse(expiresAt);
  return `${at > nowMs ? "good until" : "ended on"} ${dayWords(at, nowMs)}`;
}

/** The addresses a person wrote, whatever they put between them; null for none, which is anywhere. */
export function addressesIn(text: string): string[] | null {
  const addresses = text.split(/[\s,;]+/).filter((address) => address !== "");
  return addresses.length === 0 ? null : addresses;
}

/** A line to paste into a terminal, for what the key may do first of all. */
export function curlLine(options: {
  origin: string;
  secret: string;
  actions: readonly KeyAction[];
  connectionId: string | null;
}): string {
  const { origin, secret, actions, connectionId } = options;
  const asWho = `-H "Authorization: Bearer ${secret}"`;
  const all = `${origin}/v1/connections`;
  if (connectionId === null) return `curl ${asWho} ${all}`;
  if (actions.includes("token")) return `curl ${asWho} ${all}/${connectionId}/token`;
  if (actions.includes("read")) return `curl ${asWho} ${all}/${connectionId}`;
  return `curl -X POST ${asWho} ${all}/${connectionId}/refresh`;
}

function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
