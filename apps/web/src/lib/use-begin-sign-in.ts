import { useEffect } from "react";

import { trpc, type ApiError, type Flavour } from "./trpc.ts";

/** What to begin: which login, and where to come back to. */
export type BeginSignIn = {
  flavour?: Flavour;
  returnTo?: string;
  /** Has Instagram ask which account, even when the person is signed in there. */
  forceReauth?: boolean;
  reconnectLink?: string | null;
  /** A connection of the person, to be connected again in place: only its account will do. */
  reconnectConnectionId?: string | null;
  /** Asks again for permissions that were not granted the last time. */
  rerequest?: boolean;
};

/** Starting an authorization request, up to the moment the browser leaves. */
export type BeginSignInState = {
  start: (input: BeginSignIn) => void;
  isLeaving: boolean;
  error: ApiError | null;
};

/** Begins a sign-in and sends the browser to Instagram or Facebook. */
export function useBeginSignIn(options: { onError?: (error: ApiError) => void } = {}): BeginSignInState {
  const { mutate, reset, isPending, isSuccess, error } = trpc.auth.begin.useMutation({
    onSuccess: ({ authorizationUrl }) => window.location.assign(authorizationUrl),
    onError: (error) => options.onError?.(error),
  });

  useEffect(() => {
    // Coming back with the browser's own button may restore this page as it was left: mid-way.
    const restore = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) reset();
    };
    window.addEventListener("pageshow", restore);
    return () => window.removeEventListener("pageshow", restore);
  }, [reset]);

  const isLeaving = isPending || isSuccess;
  return {
    isLeaving,
    error,
    start: (input) => {
      if (!isLeaving) mutate(input);
    },
  };
}
