import { explainError, isAnswered, type Explained } from "../../lib/api-error.ts";
import type { ApiClient, ApiError, Flavour, SignInAnswer } from "../../lib/trpc.ts";
import type { ArrivedCallback } from "./arrived-callback.ts";
import {
  ALL_BUT_STORED,
  ALL_STEPS_DONE,
  NO_STEPS,
  isStepName,
  stepsUpTo,
  type StepName,
  type StepStatuses,
} from "./steps.ts";

/** How a sign-in stands. */
export type SignInState = {
  steps: StepStatuses;
  outcome:
    | { kind: "running" }
    | { kind: "done"; returnTo: string }
    /** The login reaches several accounts: the person has to say which. */
    | { kind: "choice"; attemptId: string }
    | { kind: "denied" }
    | { kind: "failed"; problem: Explained; failedStep: StepName | null; canLookAgain: boolean };
};

/** A sign-in being finished: a store that React can follow. */
export type SignInRun = {
  subscribe(listener: () => void): () => void;
  state(): SignInState;
  /** Asks once more how it went, after the network swallowed the answer. Spends nothing. */
  lookAgain(): void;
};

/** The parts of the api that a sign-in needs. */
export type SignInApi = {
  complete(input: { flavour: Flavour; query: string }): Promise<SignInAnswer>;
  resume(input: { attemptId: string }): Promise<SignInAnswer>;
  /** Tells the steps as they happen; returns how to stop. */
  watch(attemptId: string, onStep: (event: ProgressEvent) => void): () => void;
};

/** A step as the api tells it. */
export type ProgressEvent = { step: string; status?: "started" | "done" | "failed" };

/** Finds the run of a callback page. Asking twice, as React may, starts nothing twice. */
export type SignInRuns = {
  runFor(place: { flavour: Flavour; attemptId: string | null }): SignInRun | null;
};

/** The runs of one page load: the callback that arrived is spent once, everything else only asks. */
export function createSignInRuns(options: {
  api: SignInApi;
  arrived: ArrivedCallback | null;
  isOnline: () => boolean;
  /** A session was opened: what was known under the old one is out of date. */
  onSignedIn: () => void;
}): SignInRuns {
  const runs = new Map<string, SignInRun>();
  return {
    runFor: ({ flavour, attemptId }) => {
      const key = `${flavour}.${attemptId ?? ""}`;
      const existing = runs.get(key);
      if (existing !== undefined) return existing;
      const { arrived } = options;
      const isArrival = arrived !== null && arrived.flavour === flavour && arrived.attemptId === attemptId;
      if (!isArrival && attemptId === null) return null;
      const run = startRun({ ...options, attemptId, arrived: isArrival ? arrived : null });
      runs.set(key, run);
      return run;
    },
  };
}

type RunOptions = {
  api: SignInApi;
  arrived: ArrivedCallback | null;
  attemptId: string | null;
  isOnline: () => boolean;
  onSignedIn: () => void;
};

function startRun({ api, arrived, attemptId, isOnline, onSignedIn }: RunOptions): SignInRun {
  const listeners = new Set<() => void>();
  let state: SignInState = { steps: NO_STEPS, outcome: { kind: "running" } };
  const become = (next: SignInState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const onStep = ({ step, status }: ProgressEvent): void => {
    if (state.outcome.kind !== "running" || !isStepName(step) || status === undefined) return;
    become({ ...state, steps: { ...state.steps, [step]: status === "started" ? "running" : status } });
  };

  const follow = async (ask: () => Promise<SignInAnswer>): Promise<void> => {
    const stop = attemptId === null ? null : api.watch(attemptId, onStep);
    try {
      const answer = await ask();
      if (answer.kind === "choice") {
        become({ steps: ALL_BUT_STORED, outcome: { kind: "choice", attemptId: answer.attemptId } });
        return;
      }
      onSignedIn();
      become({ steps: ALL_STEPS_DONE, outcome: { kind: "done", returnTo: answer.returnTo } });
    } catch (error) {
      become(failedState(error, state.steps, isOnline(), attemptId !== null));
    } finally {
      stop?.();
    }
  };

  const resume = async (): Promise<SignInAnswer> => await api.resume({ attemptId: attemptId ?? "" });
  void follow(async () => {
    if (arrived === null) return await resume();
    try {
      return await api.complete({ flavour: arrived.flavour, query: arrived.query });
    } catch (error) {
      // The code was sent once and is not sent again; but what came of it can be asked for.
      if (attemptId === null || !isErrorLike(error) || isAnswered(error)) throw error;
      return await resume();
    }
  });

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    lookAgain: () => {
      if (state.outcome.kind !== "failed" || !state.outcome.canLookAgain) return;
      become({ steps: NO_STEPS, outcome: { kind: "running" } });
      void follow(resume);
    },
  };
}

function failedState(
  error: unknown,
  seen: StepStatuses,
  isOnline: boolean,
  hasAttempt: boolean,
): SignInState {
  const problem = explainError(isErrorLike(error) ? error : { message: "", data: undefined }, isOnline);
  if (problem.reason === "user_denied") return { steps: NO_STEPS, outcome: { kind: "denied" } };
  const failedStep = isStepName(problem.step) ? problem.step : null;
  const isUnsettled = !isErrorLike(error) || !isAnswered(error) || problem.reason === "sign_in_in_progress";
  return {
    steps: stepsUpTo(failedStep, seen),
    outcome: { kind: "failed", problem, failedStep, canLookAgain: hasAttempt && isUnsettled },
  };
}

function isErrorLike(error: unknown): error is Pick<ApiError, "message" | "data"> {
  return error instanceof Error;
}

/** The api's own procedures, as a run uses them. */
export function signInApiOf(client: ApiClient): SignInApi {
  return {
    complete: async (input) => await client.auth.complete.mutate(input),
    resume: async (input) => await client.auth.resume.mutate(input),
    watch: (attemptId, onStep) => {
      const subscription = client.auth.progress.subscribe(
        { attemptId },
        { onData: onStep, onError: () => undefined }, // the steps are a courtesy; the result comes on its own
      );
      return () => subscription.unsubscribe();
    },
  };
}
