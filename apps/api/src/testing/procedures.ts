import type { AnyProcedure } from "@trpc/server";

import { appRouter } from "../router/index.ts";

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>);

function namesOf(type: "query" | "mutation" | "subscription"): string[] {
  return procedures.flatMap(([name, procedure]) => (procedure._def.type === type ? [name] : []));
}

/** Every procedure that changes something. */
export const MUTATIONS = namesOf("mutation");

/** Every procedure that reads. */
export const QUERIES = namesOf("query");

/** Every procedure that goes on telling. */
export const SUBSCRIPTIONS = namesOf("subscription");

/** Whether a procedure takes an input at all; what is sent to the others goes nowhere. */
export function takesInput(name: string): boolean {
  return inputNamesOf(name).length > 0;
}

/** The names of what a procedure takes. */
export function inputNamesOf(name: string): string[] {
  const procedure = procedures.find(([known]) => known === name)?.[1];
  if (procedure === undefined) return [];
  const { inputs } = procedure._def as unknown as { inputs: readonly { shape?: object }[] };
  return inputs.flatMap(({ shape = {} }) => Object.keys(shape));
}
