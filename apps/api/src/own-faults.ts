/** What is said of faults of our own, over tRPC and over /v1 alike. */
export const OWN_FAULTS = {
  unavailable: {
    message: "Perennial cannot reach its database right now.",
    cure: "Try again in a moment.",
    retryable: true,
  },
  internal: {
    message: "Something went wrong on our side.",
    cure: "Try again; if it stays, say the request id to whoever runs this site.",
    retryable: true,
  },
} as const;
