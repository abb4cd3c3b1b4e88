import { Fingerprint, KeyRound, Lock, UserRound, type LucideIcon } from "lucide-react";

import type { Flavour } from "../../lib/trpc.ts";

/** The four steps of a sign-in, as the api names them. */
export type StepName = "code_accepted" | "long_lived_token" | "profile" | "stored";

/** How far a step has come. */
export type StepStatus = "waiting" | "running" | "done" | "failed";

/** A step with what it does, which is not the same for both logins. */
export type Step = { name: StepName; title: string; what: Record<Flavour, string>; icon: LucideIcon };

const SEALED = "The token is encrypted for this connection alone, and kept.";

/** The steps in their order, with what each does. */
export const STEPS: readonly Step[] = [
  {
    name: "code_accepted",
    title: "Code accepted",
    what: {
      instagram: "Instagram’s one-time code becomes a token that lives for an hour.",
      facebook: "Facebook’s one-time code becomes a token that lives for an hour or two.",
    },
    icon: KeyRound,
  },
  {
    name: "long_lived_token",
    title: "Sixty-day token",
    what: {
      instagram: "The short-lived token becomes a long-lived one that can be renewed.",
      facebook: "The short-lived token becomes a long-lived one, which reaches your Pages.",
    },
    icon: Fingerprint,
  },
  {
    name: "profile",
    title: "Who you are",
    what: {
      instagram: "Instagram says which account this is, and what you allowed.",
      facebook: "Facebook says which Pages and accounts are yours, and what you allowed.",
    },
    icon: UserRound,
  },
  { name: "stored", title: "Sealed and stored", what: { instagram: SEALED, facebook: SEALED }, icon: Lock },
];

/** How far all of them have come. */
export type StepStatuses = Readonly<Record<StepName, StepStatus>>;

/** Nothing has happened yet. */
export const NO_STEPS: StepStatuses = {
  code_accepted: "waiting",
  long_lived_token: "waiting",
  profile: "waiting",
  stored: "waiting",
};

/** Whether a text names a step. */
export function isStepName(text: string | null): text is StepName {
  return text !== null && Object.hasOwn(NO_STEPS, text);
}

/** All steps done: what a result proves, whether or not every tick was seen. */
export const ALL_STEPS_DONE: StepStatuses = {
  code_accepted: "done",
  long_lived_token: "done",
  profile: "done",
  stored: "done",
};

/** What is done when the person has to choose among several accounts: nothing is kept before. */
export const ALL_BUT_STORED: StepStatuses = { ...ALL_STEPS_DONE, stored: "waiting" };

/** The steps of a failed sign-in: those before the failing one were done, and nothing after it was begun. */
export function stepsUpTo(failed: StepName | null, seen: StepStatuses): StepStatuses {
  if (failed === null) return settle(seen);
  const at = STEPS.findIndex((step) => step.name === failed);
  const statuses: Record<StepName, StepStatus> = { ...NO_STEPS };
  for (const [index, { name }] of STEPS.entries()) {
    statuses[name] = index < at ? "done" : index === at ? "failed" : "waiting";
  }
  return statuses;
}

function settle(seen: StepStatuses): StepStatuses {
  const statuses: Record<StepName, StepStatus> = { ...seen };
  for (const { name } of STEPS) if (statuses[name] === "running") statuses[name] = "waiting";
  return statuses;
}
