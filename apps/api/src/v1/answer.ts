import { EXPLANATIONS, type ConnectionErrorCode, type RequestFaultCode } from "@perennial/connections";
import type { z } from "zod";

import type { Answer } from "../node-answer.ts";
import { OWN_FAULTS } from "../own-faults.ts";
import { RETRY_AFTER } from "../unavailability.ts";
import type { problemBody } from "./schemas.ts";

type Header = Answer["headers"][number];

type Problem = z.infer<typeof problemBody>["error"];

/** Codes of what is wrong with a request itself, or with us. */
type PlainCode = Extract<
  RequestFaultCode,
  "bad_request" | "method_not_allowed" | "unavailable" | "overloaded" | "internal"
>;

const PLAIN: Record<PlainCode, { status: number; message: string; cure: string; retryable: boolean }> = {
  bad_request: {
    status: 400,
    message: "The request is not what this address takes.",
    cure: "Compare it with /openapi.json; parameters it does not know are refused.",
    retryable: false,
  },
  method_not_allowed: {
    status: 405,
    message: "This address does not take that method.",
    cure: "Compare it with /openapi.json.",
    retryable: false,
  },
  unavailable: { status: 503, ...OWN_FAULTS.unavailable },
  overloaded: {
    status: 503,
    message: "Too many requests are under way.",
    cure: "Try again in a moment.",
    retryable: true,
  },
  internal: { status: 500, ...OWN_FAULTS.internal },
};

const STATUS: Partial<Record<ConnectionErrorCode, number>> = {
  connection_not_found: 404,
  key_action_refused: 403,
  key_address_refused: 403,
  key_connection_refused: 403,
  key_expired: 401,
  key_invalid: 401,
  key_missing: 401,
  key_revoked: 401,
  permission_missing: 403,
  rate_limited: 502,
  too_many_requests: 429,
  transient: 502,
  unknown: 502,
};

/** The headers of an answer with a body. */
export const JSON_HEADERS: readonly Header[] = [
  ["content-type", "application/json"],
  ["cache-control", "no-store"],
];

/** An answer with a body. */
export function json(status: number, body: unknown, headers: readonly Header[] = []): Answer {
  return { status, headers: [...JSON_HEADERS, ...headers], body: JSON.stringify(body) };
}

/** An answer that says the caller has it already. */
export function notModified(headers: readonly Header[]): Answer {
  return { status: 304, headers: [["cache-control", "no-store"], ...headers], body: null };
}

/** What an error says beside its code. */
export type ProblemDetails = {
  at?: Date | null;
  reconnectUrl?: string | null;
  missingScopes?: readonly string[];
  retryAfterSeconds?: number;
  /** In the place of the code's own status. */
  status?: number;
};

/** An error in the shape that all of /v1 has. What ended a token is a conflict: 409. */
export function refusal(
  code: ConnectionErrorCode | PlainCode,
  requestId: string,
  details: ProblemDetails = {},
): Answer {
  const plain = code in PLAIN ? PLAIN[code as PlainCode] : null;
  const { message, cure, retryable } = plain ?? EXPLANATIONS[code as ConnectionErrorCode];
  const status = details.status ?? plain?.status ?? STATUS[code as ConnectionErrorCode] ?? 409;
  const { at = null, reconnectUrl = null, missingScopes, retryAfterSeconds } = details;
  const error: Problem = {
    code,
    message,
    cure,
    retryable,
    request_id: requestId,
    ...(at === null ? {} : { at: at.toISOString() }),
    ...(reconnectUrl === null ? {} : { reconnect_url: reconnectUrl }),
    ...(missingScopes === undefined || missingScopes.length === 0
      ? {}
      : { missing_scopes: [...missingScopes] }),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
  };
  return json(status, { error }, headersOf(status, code, retryAfterSeconds));
}

function headersOf(status: number, code: string, retryAfterSeconds: number | undefined): Header[] {
  if (status === 401) {
    const error = code === "key_missing" ? "" : `, error="invalid_token"`;
    return [["www-authenticate", `Bearer realm="perennial"${error}`]];
  }
  if (retryAfterSeconds !== undefined) return [["retry-after", String(retryAfterSeconds)]];
  return status === 503 ? [RETRY_AFTER] : [];
}
