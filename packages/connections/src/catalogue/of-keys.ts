import type { OwnErrorCode } from "../errors.ts";
import { ownEntry, type CatalogueEntry } from "./entry.ts";

type KeyCode = Extract<OwnErrorCode, `key_${string}`> | "too_many_requests" | "user_not_found";

/** What other code can meet that comes with a key. */
export const OF_KEYS: Readonly<Record<KeyCode, CatalogueEntry>> = {
  key_action_refused: ownEntry(
    "caller",
    "A key may do what it was made for, and nothing else.",
    ["The key was made for looking at connections only, or not for this action."],
    {
      person: ["Make a key that may do it, under Settings."],
      developer: ["`perennial keys list` shows what each may do."],
    },
  ),
  key_address_refused: ownEntry(
    "caller",
    "The key was made for certain addresses, and the request comes from another one.",
    [
      "The program runs on another machine than the key was made for.",
      "A proxy stands in between, and TRUSTED_PROXIES does not name it.",
    ],
    {
      developer: ["Make a key for the address that the program has, or for any."],
      operator: [
        "Name your own proxies in TRUSTED_PROXIES: only they are believed about where a request comes from.",
      ],
    },
  ),
  key_connection_refused: ownEntry(
    "caller",
    "The key was made for certain connections, and this is not one of them.",
    ["The account was connected after the key was made."],
    { person: ["Make a key for this account, or for all of them, under Settings."] },
  ),
  key_expired: ownEntry("caller", "The key was made with an end, which is over.", ["Its time is over."], {
    person: ["Make another key under Settings, and give it to the program."],
  }),
  key_invalid: ownEntry(
    "caller",
    "What was sent is no key of this site.",
    [
      "The key was cut off or mistyped: its end is a checksum.",
      "It belongs to another installation.",
      "An Instagram token was sent in the place of a key.",
    ],
    { developer: ["Send the whole key, as it was shown: `pnl_` and 38 letters and digits."] },
  ),
  key_limit_reached: ownEntry(
    "person",
    "One person may have a hundred keys.",
    ["Old keys were never revoked."],
    {
      person: ["Revoke keys that nobody has used for long; the list shows when each was used last."],
    },
  ),
  key_missing: ownEntry(
    "caller",
    "The request came without a key. It is taken from the Authorization header and from nowhere else.",
    [
      "The header is missing.",
      "The key was put into the address, a cookie or the body.",
      "A proxy drops the header.",
    ],
    { developer: ["Send `Authorization: Bearer pnl_…`."] },
  ),
  key_not_found: ownEntry("caller", "There is no such key, or it is not yours.", ["The id was mistyped."], {
    person: ["Look at the list under Settings."],
  }),
  key_revoked: ownEntry("caller", "The key was revoked, and is refused since.", ["Its owner revoked it."], {
    person: ["Make another key under Settings, and give it to the program."],
  }),
  key_settings_invalid: ownEntry(
    "caller",
    "A key cannot be made with these settings.",
    ["What is named in the message."],
    {
      person: ["Change what the message names."],
    },
  ),
  too_many_requests: ownEntry(
    "time",
    "There were more requests than one key, person or address may make in a minute.",
    ["A program asks for a token with every call instead of keeping it.", "Many programs share an address."],
    {
      developer: [
        "Wait as long as `Retry-After` says.",
        "Keep a token for `max_cache_seconds`, and ask with `If-None-Match` after that.",
      ],
      operator: ["Raise the limits where they are too low: docs/http-api.md names their settings."],
    },
  ),
  user_not_found: ownEntry(
    "caller",
    "There is no such user.",
    ["The id was mistyped.", "They were erased meanwhile."],
    {
      operator: ["`perennial users` lists them."],
    },
  ),
};
