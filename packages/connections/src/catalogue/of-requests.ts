import { entryInShort as of, type CatalogueEntry } from "./entry.ts";

/** What the web app's interface and /v1 answer beside the codes of their use cases. */
export const OF_REQUESTS = {
  bad_request: of(
    "caller",
    "The request is not what this address takes.",
    "A parameter is missing, unknown, or of another kind.",
    "Compare it with /openapi.json; the answer names the parameter where it can.",
  ),
  method_not_allowed: of(
    "caller",
    "The address is there, and takes another method.",
    "GET was sent where POST belongs, or the reverse.",
    "Compare it with /openapi.json.",
  ),
  not_found: of(
    "caller",
    "There is nothing at this address.",
    "The address was mistyped, or is of another version.",
    "Compare it with /openapi.json.",
  ),
  not_signed_in: of(
    "person",
    "Whoever asks is not signed in, or not any more.",
    "The session ended, was ended elsewhere, or its cookie was not sent.",
    "Sign in.",
    "person",
  ),
  operators_only: of(
    "operator",
    "This is for whoever runs the site: it tells of the whole installation.",
    "The user id of who is signed in is not named in OPERATORS.",
    "Find the id with `perennial users`, name it in OPERATORS, and restart.",
  ),
  overloaded: of(
    "time",
    "More requests are under way than this process takes at once.",
    "A burst of requests, or a database that answers slowly.",
    "Try again after the seconds that Retry-After names.",
  ),
  unavailable: of(
    "time",
    "The database cannot be reached or is busy. What was stored is safe.",
    "The database restarts, its disk is full, or the network to it is cut.",
    "If it stays, run `perennial doctor`.",
    "operator",
  ),
  moved: of(
    "time",
    "The database is being moved to another address: it can be read, and not written.",
    "`perennial move` is under way, or was finished and this server still uses the old address.",
    "Finish the move, then start the servers with the new DATABASE_URL.",
    "operator",
  ),
  internal: of(
    "operator",
    "Something went wrong on our side that nobody foresaw.",
    "A fault in Perennial.",
    "Look for the request id in the log, and report what stands there.",
  ),
} as const satisfies Record<string, CatalogueEntry>;

/** A code of {@link OF_REQUESTS}. */
export type RequestFaultCode = keyof typeof OF_REQUESTS;
