import { z } from "@hono/zod-openapi";

const instant = z.iso.datetime().openapi({ example: "2026-11-28T12:00:00.000Z" });
const id = z.string().openapi({ example: "con_0mhc1x2q3aBcDeFgHiJkLm" });
const scopes = z.array(z.string()).openapi({ example: ["instagram_business_basic"] });

/** What every error says. */
export const problemBody = z
  .strictObject({
    error: z.strictObject({
      code: z.string().openapi({ description: "Stable; programs go by it.", example: "token_revoked" }),
      message: z.string().openapi({ description: "A sentence for a person." }),
      cure: z.string().openapi({ description: "What to do about it." }),
      retryable: z.boolean().openapi({ description: "Whether the same request may work later." }),
      request_id: z.string(),
      at: instant
        .optional()
        .openapi({ description: "When it happened: the token died, the key was revoked." }),
      reconnect_url: z
        .url()
        .optional()
        .openapi({ description: "Where a person can reconnect the account. Good for two weeks." }),
      missing_scopes: scopes.optional(),
      retry_after_seconds: z.int().optional(),
    }),
  })
  .openapi("Problem");

const account = z
  .strictObject({
    id: z
      .string()
      .openapi({ description: "Instagram's id of the professional account. A string: it exceeds 2^53." }),
    username: z.string(),
    login: z.enum(["instagram", "facebook"]),
  })
  .openapi("Account");

/** A token, and how long it may be kept. */
export const tokenBody = z
  .strictObject({
    connection_id: id,
    account,
    access_token: z.string(),
    token_type: z.literal("bearer"),
    scopes: scopes.nullable().openapi({ description: "Granted scopes; null when Instagram did not say." }),
    expires_at: instant,
    fetched_at: instant,
    max_cache_seconds: z
      .int()
      .min(0)
      .openapi({ description: "Ask again after this long, with If-None-Match." }),
  })
  .openapi("Token");

/** A connection as other code sees it. Holds no token. */
export const connectionBody = z
  .strictObject({
    id,
    account: account.extend({ name: z.string().nullable(), type: z.string() }).openapi("AccountDetails"),
    state: z.enum(["healthy", "due", "urgent", "failing", "ending", "reconnect_required", "expired"]),
    scopes: scopes.nullable(),
    missing_scopes: scopes,
    expires_at: instant.nullable(),
    next_refresh_at: instant.nullable(),
    refreshed_at: instant.nullable(),
    connected_at: instant,
    problem: z
      .strictObject({ code: z.string(), message: z.string(), cure: z.string(), at: instant.nullable() })
      .nullable(),
  })
  .openapi("Connection");

/** All connections that the key may see. */
export const connectionListBody = z
  .strictObject({ connections: z.array(connectionBody), fetched_at: instant })
  .openapi("ConnectionList");

/** What came of a refresh. */
export const refreshBody = z
  .strictObject({
    result: z.enum(["refreshed", "not_due", "too_young", "in_progress", "superseded"]),
    expires_at: instant.optional(),
    refreshable_at: instant
      .optional()
      .openapi({ description: "Not before this: Instagram's rule, or the plan." }),
  })
  .openapi("RefreshResult");

/** What a refresh is asked with; nothing at all is fine. */
export const refreshRequest = z
  .strictObject({
    force: z
      .boolean()
      .default(false)
      .openapi({ description: "Also while more than the refresh lead is left." }),
  })
  .openapi("RefreshRequest");

const MOST_SCOPES = 30;

/** What a token is asked for with. */
export const tokenQuery = z.strictObject({
  scopes: z
    .string()
    .regex(/^[a-z][a-z_]{0,63}(?:[, ][a-z][a-z_]{0,63})*$/)
    .transform((text) => text.split(/[, ]/))
    .refine((list) => list.length <= MOST_SCOPES)
    .optional()
    .openapi({
      type: "string",
      description:
        "Scopes the token has to have, with commas between. Refused as permission_missing otherwise.",
      example: "instagram_business_basic,instagram_business_content_publish",
    }),
});

/** An address that takes no parameters. */
export const noQuery = z.strictObject({});
