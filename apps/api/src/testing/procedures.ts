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
  return procedures.some(([known, procedure]) => known === name && inputsOf(procedure) > 0);
}

function inputsOf(procedure: AnyProcedure): number {
  const { inputs } = procedure._def as unknown as { inputs: readonly unknown[] };
  return inputs.length;
}
