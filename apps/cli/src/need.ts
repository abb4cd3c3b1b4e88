import { failureClassOf, type ConnectionErrorCode, type ConnectionView } from "@perennial/connections";

import type { Colour } from "./colour.ts";
import type { Cell } from "./table.ts";

/** Who has to act: nobody, we by trying again, the person whose account it is, or whoever runs this site. */
export type Need = "nothing" | "retries" | "person" | "operator";

/** A sign, a word and a colour that tell them apart at a glance, each of them by itself. */
export const NEEDS: Readonly<Record<Need, { symbol: string; word: string; colour: Colour }>> = {
  nothing: { symbol: "", word: "–", colour: "green" },
  retries: { symbol: "↻", word: "retries", colour: "yellow" },
  person: { symbol: "⚑", word: "the person", colour: "magenta" },
  operator: { symbol: "✗", word: "the operator", colour: "red" },
};

/** Who has to act on a connection. */
export function needOf({ state, problem }: Pick<ConnectionView, "state" | "problem">): Need {
  if (state === "reconnect_required" || state === "expired" || state === "ending") return "person";
  if (state !== "failing") return "nothing";
  return problem === null ? "retries" : needAfter(problem.code);
}

/** Who has to act after a renewal has failed so. */
export function needAfter(code: ConnectionErrorCode): Need {
  const failureClass = failureClassOf(code);
  if (failureClass === "operator") return "operator";
  return failureClass === "reconnect" ? "person" : "retries";
}

/** The sign before a text; the text alone where nobody has to act. */
export function marked(need: Need, text: string): string {
  const { symbol } = NEEDS[need];
  return symbol === "" ? text : `${symbol} ${text}`;
}

/** Who has to act, as it stands in a table. */
export function needCell(need: Need): Cell {
  return { text: marked(need, NEEDS[need].word), colour: NEEDS[need].colour };
}

/** Whether only its person can bring a connection back. */
export function needsReconnect({ state }: Pick<ConnectionView, "state">): boolean {
  return state === "reconnect_required" || state === "expired";
}
