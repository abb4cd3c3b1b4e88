import { COMPANIES } from "../../lib/flavours.ts";
import { calendarWords, dayWords, durationWords, relativeWords } from "../../lib/time-words.ts";
import type { Connection, RefreshResult } from "../../lib/trpc.ts";
import { nextLookSentence } from "./pause-words.ts";
import type { Sentence } from "./sentence.ts";
import { renewalSentence } from "./state-words.ts";

/** The two clocks a sentence may need: the one that tokens age by, and this device's. */
type Clocks = { now: number; deviceNow: number };

/** What came of "Refresh now": what is, what happens next, what to do. */
export function refreshSentence(
  result: RefreshResult,
  connection: Connection,
  { now, deviceNow }: Clocks,
): Sentence {
  const isByPerson = connection.renewal === "person";
  switch (result.kind) {
    case "refreshed": {
      if (isByPerson)
        return [
          "It works. Good until ",
          { at: result.expiresAt, words: dayWords(Date.parse(result.expiresAt), now) },
          "; only you can extend that.",
        ];
      const words = durationWords(Date.parse(result.expiresAt) - now);
      return ["Renewed. Good for another ", { at: result.expiresAt, words }, "."];
    }
    case "not_due":
      return [
        ...renewalSentence(connection, now),
        "Next renewal ",
        { at: result.dueAt, words: relativeWords(Date.parse(result.dueAt), now) },
        ". Nothing to do.",
      ];
    case "too_young":
      return [
        "Instagram renews a token only once it is a day old, from ",
        { at: result.refreshableAt, words: calendarWords(Date.parse(result.refreshableAt), now) },
        " on. Nothing to do.",
      ];
    case "failed":
      return [
        isByPerson
          ? "No clear answer this time. The token stays in use; the next look is "
          : "Not renewed this time. The present token stays in use; the next attempt is ",
        { at: result.nextRefreshAt, words: relativeWords(Date.parse(result.nextRefreshAt), now) },
        ".",
      ];
    case "paused": // why is said by the notice on the page
      return [
        "Renewals wait for now, so nothing was asked. The present token stays in use. ",
        ...nextLookSentence(result.nextProbeAt, deviceNow),
      ];
    case "reconnect_required":
      return [`${COMPANIES[connection.flavour]} asks for a new sign-in. Reconnect the account.`];
    case "in_progress":
      return [
        isByPerson
          ? "It is being looked at already. What comes of it appears here by itself."
          : "A renewal is already running. Its result appears here by itself.",
      ];
    case "superseded":
      return [
        "The connection changed in the meantime, and nothing was overwritten. This page shows what is.",
      ];
  }
}
