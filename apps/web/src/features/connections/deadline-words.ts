import { COMPANIES } from "../../lib/flavours.ts";
import type { Connection } from "../../lib/trpc.ts";

type Deadlines = NonNullable<Connection["deadlines"]>;
/** An instant that matters, with how sure it is. */
export type DeadlineView = Deadlines[keyof Deadlines];

/** The sign of a deadline on the lifeline. */
export type DeadlineSign = "gate" | "due" | "urgent" | "expiry" | "access" | "proof";

/** A line of the deadlines. */
export type DeadlineRow = { sign: DeadlineSign; name: string; note: string; deadline: DeadlineView };

/** The instants a connection lives by, in the order of its life, each with what it means. */
export function deadlineRows(connection: Connection): DeadlineRow[] {
  const { deadlines, life, renewal } = connection;
  if (deadlines === null || life === null) return [];
  const { tokenExpiry, earliestRefresh, dataAccessEnd, lastProof } = deadlines;
  const plan: DeadlineRow[] =
    renewal === "person"
      ? [
          {
            sign: "due",
            name: "You are asked",
            note: "From here on you are asked to come back.",
            deadline: told(life.dueAt),
          },
        ]
      : [
          {
            sign: "due",
            name: "Due",
            note: "From here on it is renewed at the next chance.",
            deadline: told(life.dueAt),
          },
          {
            sign: "urgent",
            name: "Urgent",
            note: "From here on it is renewed before anything else uses it.",
            deadline: told(life.urgentAt),
          },
        ];
  return [
    { sign: "proof", name: "Last proof of life", note: proofNote(lastProof), deadline: lastProof },
    { sign: "gate", name: "Earliest refresh", note: refreshNote(earliestRefresh), deadline: earliestRefresh },
    ...plan,
    {
      sign: "expiry",
      name: "Token expiry",
      note: expiryNote(connection, tokenExpiry),
      deadline: tokenExpiry,
    },
    {
      sign: "access",
      name: "Data access ends",
      note: accessNote(dataAccessEnd),
      deadline: dataAccessEnd,
    },
  ];
}

/** How sure an instant is, in a word or two; nothing where it is simply so. */
export function basisWords(
  { basis }: DeadlineView,
  sign: DeadlineSign,
  connection: Connection,
): string | null {
  const isOurs = sign === "due" || sign === "urgent" || sign === "gate" || sign === "proof";
  switch (basis) {
    case "told":
      return isOurs ? null : `Told by ${COMPANIES[connection.flavour]}`;
    case "estimated":
      return "Estimated";
    case "unknown":
      return "Unknown";
    case "none":
      return sign === "gate" ? "Never" : "None";
  }
}

function told(at: string): DeadlineView {
  return { at, basis: "told" };
}

function proofNote({ at }: DeadlineView): string {
  return at === null ? "It has not been looked at yet." : "The token was seen to work.";
}

function refreshNote({ basis }: DeadlineView): string {
  return basis === "none"
    ? "Facebook lets nobody refresh such a token; coming back does it."
    : "Instagram refuses a renewal before the token is a day old.";
}

function expiryNote({ flavour }: Connection, { basis }: DeadlineView): string {
  switch (basis) {
    case "told":
      return flavour === "instagram"
        ? "An expired token cannot be renewed; only a new sign-in helps."
        : "By then Facebook asks for a new sign-in.";
    case "estimated":
      return `${COMPANIES[flavour]} did not say when; this is a careful guess.`;
    case "unknown":
      return `${COMPANIES[flavour]} did not say.`;
    case "none":
      return "A Page’s token has no date of expiry of its own.";
  }
}

function accessNote({ basis }: DeadlineView): string {
  switch (basis) {
    case "none":
      return "Instagram Login knows no such end.";
    case "unknown":
      return "Facebook did not say. The line above goes by a careful guess.";
    case "told":
    case "estimated":
      return "Facebook lets a site use the account for 90 days after your last visit.";
  }
}
