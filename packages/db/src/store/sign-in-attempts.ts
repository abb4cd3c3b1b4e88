import type { Flavour } from "./connections.ts";

/** One run through the authorization request, from its start to its result. Single use. */
export type SignInAttempt = {
  id: string;
  flavour: Flavour;
  redirectUri: string;
  /** A path of our own web app. */
  returnTo: string;
  /** The user who was signed in when it started, if any: the account is then added to that user. */
  linkUserId: string | null;
  /** The account that has to come back, for a reconnect; null when any will do. */
  expectedAccountId: string | null;
  /** The scopes that were asked for. */
  requestedScopes: string[];
  /** `choosing`: the code was exchanged, and the person picks among the accounts it gives access to. */
  status: "started" | "exchanging" | "choosing" | "completed" | "failed";
  createdAt: Date;
  expiresAt: Date;
  finishedAt: Date | null;
  userId: string | null;
  connectionId: string | null;
  errorCode: string | null;
  /** Which step failed, for the page that explains it. */
  failedStep: string | null;
  /** The calls that a failed one made; those of one that went well are in the connection's history. */
  transcript: string | null;
};

/** A sign-in attempt as it is begun: secrets arrive hashed. */
export type NewSignInAttempt = {
  id: string;
  /** SHA-256 of the secret part of `state`. */
  stateHash: string;
  /** SHA-256 of the secret in the cookie that binds the attempt to its browser. */
  browserHash: string;
  flavour: Flavour;
  redirectUri: string;
  returnTo: string;
  linkUserId: string | null;
  expectedAccountId: string | null;
  requestedScopes: string[];
  createdAt: Date;
  expiresAt: Date;
};

/** Which attempts to look for among those that have no result yet. */
export type OpenSignInAttemptsQuery = { returnTo: string; createdAfter: Date; wallNow: Date; limit: number };

/** What a callback presents to take an attempt. */
export type SignInClaimInput = {
  id: string;
  stateHash: string;
  browserHash: string;
  /** SHA-256 of the authorization code; null when the person refused. */
  codeHash: string | null;
  flavour: Flavour;
  /** By people's clocks, like the times of the attempt. */
  now: Date;
};

/** Why a callback may not take an attempt. Nothing was changed. */
export type SignInRefusal = "unknown" | "wrong_browser" | "expired" | "wrong_flavour" | "other_code";

/**
 * `claimed`: this caller, and no other, may exchange the code.
 * `repeated`: the same callback was here before; `attempt` says how far it is.
 */
export type SignInClaim =
  | { kind: "claimed"; attempt: SignInAttempt }
  | { kind: "repeated"; attempt: SignInAttempt }
  | { kind: "refused"; reason: SignInRefusal };

/** What a person may pick from after their code was exchanged. */
export type OfferedChoice = { attempt: SignInAttempt; sealedChoice: string };

/** Attempts up to the exchange of their code, and their failures. */
export type SignInAttemptStore = {
  /** Writes a new attempt. */
  createSignInAttempt(attempt: NewSignInAttempt): Promise<void>;
  /**
   * Takes an attempt for its one exchange, or says why not. A refusal changes nothing. The same callback is
   * `repeated` until ten minutes after the attempt's end, or, while it is being exchanged, a minute after
   * its `expiresAt`: one that a crash left behind is found as `exchanging` until then.
   */
  claimSignInAttempt(input: SignInClaimInput): Promise<SignInClaim>;
  /** An attempt seen from the browser that started it; null from anywhere else. */
  findSignInAttempt(input: { id: string; browserHash: string }): Promise<SignInAttempt | null>;
  /**
   * Attempts that lead to `returnTo`, can still be finished and have no result yet, newest first. Begun after
   * `createdAfter`: older ones are not looked for.
   */
  listOpenSignInAttempts(query: OpenSignInAttemptsQuery): Promise<SignInAttempt[]>;
  /** Ends an attempt that is being exchanged (or was refused by the person). */
  failSignInAttempt(input: {
    id: string;
    errorCode: string;
    failedStep: string;
    transcript: string | null;
    wallNow: Date;
  }): Promise<void>;
  /** Lets the person pick until `expiresAt`: keeps what they can pick from, sealed. False when the attempt is not being exchanged any more. */
  offerChoice(input: { id: string; sealedChoice: string; expiresAt: Date }): Promise<boolean>;
  /** What a person may pick from, seen from the browser that signed in; null from anywhere else, and once it is over. */
  findChoice(input: { id: string; browserHash: string; wallNow: Date }): Promise<OfferedChoice | null>;
  /** Takes the attempt of a choice for its one end; false when somebody else did. */
  takeChoice(id: string): Promise<boolean>;
};
