import { useEffect } from "react";

import { trpc, type ApiError, type Flavour } from "./trpc.ts";

/** What to begin: which login, where to come back to, and whether Instagram asks which account. */
export type BeginSignIn = { flavour?: Flavour; returnTo?: string; forceReauth?: boolean };

/** Starting an authorization request, up to the moment the browser leaves. */
export type BeginSignInState = {
  start: (input: BeginSignIn) => void;
  isLeaving: boolean;
  error: ApiError | null;
};

/** Begins a sign-in and sends the browser to Instagram. */
export function useBeginSignIn(): BeginSignInState {
  const { mutate, reset, isPending, isSuccess, error } = trpc.auth.begin.useMutation({
    onSuccess: ({ authorizationUrl }) => window.location.assign(authorizationUrl),
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
