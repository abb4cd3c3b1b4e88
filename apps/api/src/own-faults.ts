import { OF_REQUESTS, type EndedBy, type RequestFaultCode } from "@perennial/connections";

/** Stable codes of what can go wrong before a use case is reached, or beneath it. */
export type OwnFaultCode = Exclude<RequestFaultCode, "method_not_allowed" | "overloaded">;

/** A fault of our own, as the catalogue of everything else has it. */
export type OwnFault = { message: string; cure: string; retryable: boolean; endedBy: EndedBy };

/** What is said of faults of our own, over tRPC and over /v1 alike. */
export const OWN_FAULTS = {
  bad_request: {
    message: "The request is not what this address takes.",
    cure: "Send what the types of this procedure say.",
    retryable: false,
    endedBy: OF_REQUESTS.bad_request.endedBy,
  },
  not_signed_in: {
    message: "You are not signed in.",
    cure: "Sign in first.",
    retryable: false,
    endedBy: OF_REQUESTS.not_signed_in.endedBy,
  },
  operators_only: {
    message: "This is for whoever runs this site.",
    cure: "Run `perennial doctor` on its machine, or have your user id named in OPERATORS.",
    retryable: false,
    endedBy: OF_REQUESTS.operators_only.endedBy,
  },
  not_found: {
    message: "There is nothing at this address.",
    cure: "Look at the address.",
    retryable: false,
    endedBy: OF_REQUESTS.not_found.endedBy,
  },
  unavailable: {
    message: "Perennial cannot reach its database right now.",
    cure: "Try again in a moment.",
    retryable: true,
    endedBy: OF_REQUESTS.unavailable.endedBy,
  },
  moved: {
    message: "Perennial is moving house: what is there can be read, and nothing can be changed.",
    cure: "Try again in a few minutes. No connection is lost.",
    retryable: true,
    endedBy: OF_REQUESTS.moved.endedBy,
  },
  internal: {
    message: "Something went wrong on our side.",
    cure: "Try again; if it stays, say the request id to whoever runs this site.",
    retryable: true,
    endedBy: OF_REQUESTS.internal.endedBy,
  },
} as const satisfies Record<OwnFaultCode, OwnFault>;
