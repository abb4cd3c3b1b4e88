import { InstagramError } from "@perennial/instagram";

import { ConnectionError, type SignInStep } from "./errors.ts";
import { connectionErrorOf } from "./errors-of-instagram.ts";

/** Hears how the steps of a sign-in go. */
export type OnStep = (progress: { step: SignInStep; status: "started" | "done" | "failed" }) => void;

/** Does the work of a step, tells how it goes, and names the step in its error. */
export async function inStep<T>(onStep: OnStep, step: SignInStep, work: () => Promise<T>): Promise<T> {
  onStep({ step, status: "started" });
  try {
    const result = await work();
    onStep({ step, status: "done" });
    return result;
  } catch (error) {
    onStep({ step, status: "failed" });
    if (error instanceof InstagramError) throw connectionErrorOf(error, step);
    if (error instanceof ConnectionError) {
      const { detail, reason, traceId } = error;
      throw new ConnectionError(error.code, { step, detail, reason, traceId, cause: error });
    }
    throw error;
  }
}
