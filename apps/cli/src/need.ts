import type { ConnectionView } from "@perennial/connections";

/** Who has to act on a connection: nobody, we by trying again, its person, or whoever runs this site. */
export type Need = "nothing" | "retries" | "person" | "operator";

/** Words and colours that tell them apart at a glance. */
export const NEEDS: Readonly<Record<Need, { word: string; colour: "green" | "yellow" | "magenta" | "red" }>> =
  {
    nothing: { word: "–", colour: "green" },
    retries: { word: "retries", colour: "yellow" },
    person: { word: "the person", colour: "magenta" },
    operator: { word: "the operator", colour: "red" },
  };

/** Who has to act on it. */
export function needOf({ state, problem }: Pick<ConnectionView, "state" | "problem">): Need {
  if (state === "reconnect_required" || state === "expired" || state === "ending") return "person";
  if (state !== "failing") return "nothing";
  return problem?.class === "operator" ? "operator" : "retries";
}

/** Whether only its person can bring a connection back. */
export function needsReconnect({ state }: Pick<ConnectionView, "state">): boolean {
  return state === "reconnect_required" || state === "expired";
}
