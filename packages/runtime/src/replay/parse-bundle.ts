import {
  BUNDLE_FORMAT,
  CREDENTIALS_VERDICTS,
  isErrorCode,
  isErrorReason,
  type ExportedAttempt,
} from "@perennial/connections";
import { z } from "zod";

import { isReplayable } from "./fault-of-step.ts";

const verdict = z.enum(CREDENTIALS_VERDICTS);
const code = z.string().refine(isErrorCode).nullable();
const reason = z.string().refine(isErrorReason).nullable();
const text = z.string().max(200).nullable();

const bundleSchema = z.object({
  format: z.literal(BUNDLE_FORMAT),
  kind: z.enum(["sign_in", "refresh", "restore", "proof", "import", "validate"]),
  flavour: z.enum(["instagram", "facebook"]),
  code,
  upstreamReason: reason,
  step: text,
  steps: z
    .array(
      z.object({
        operation: z.string().refine(isReplayable),
        host: z.string().max(260),
        startedAt: z.string().max(40),
        durationMs: z.number().nonnegative(),
        httpStatus: z.int().min(100).max(599).nullable(),
        errorCode: code,
        reason,
        metaCode: z.int().nullable(),
        metaSubcode: z.int().nullable(),
        traceId: text,
      }),
    )
    .max(100),
  missingScopes: z.array(z.string().max(200)).max(100).nullable().default(null),
  evidence: z
    .object({
      credentials: verdict,
      otherCredentials: verdict.nullable(),
      exchanged: verdict.nullable(),
      isClockWrong: z.boolean(),
    })
    .nullable()
    .default(null), // an older version has none
});

/** Reads a bundle that was exported. @throws {TypeError} when it is none */
export function parseBundle(written: string): ExportedAttempt {
  let json: unknown;
  try {
    json = JSON.parse(written);
  } catch (cause) {
    throw new TypeError("This is not an exported attempt: it is no JSON.", { cause });
  }
  const parsed = bundleSchema.safeParse(json);
  if (!parsed.success) throw new TypeError("This is not an exported attempt of this version.");
  return parsed.data as ExportedAttempt;
}
