import { z } from "zod";

import { personProcedure, router } from "../trpc.ts";
import { connectionId } from "./ids.ts";

const keyId = z.string().regex(/^key_[A-Za-z0-9_-]{22}$/);

/** A person's API keys. The owner is whoever is signed in, and nobody else. */
export const keysRouter = router({
  /** All of them, newest first, revoked ones too. */
  list: personProcedure.query(async ({ ctx }) => await ctx.connections.listApiKeys(ctx.session.userId)),

  /** Makes one. The secret is in this answer and in no other. */
  create: personProcedure
    .input(
      z.strictObject({
        name: z.string().min(1).max(80),
        actions: z
          .array(z.enum(["read", "token", "refresh"]))
          .min(1)
          .max(3),
        /** Null means all connections, later ones too. */
        connectionIds: z.array(connectionId).min(1).max(100).nullable().default(null),
        expiresAt: z.iso.datetime().nullable().default(null),
        /** Addresses and ranges it may be used from; null means anywhere. */
        allowedAddresses: z.array(z.string().min(2).max(64)).min(1).max(100).nullable().default(null),
      }),
    )
    .mutation(
      async ({ ctx, input }) =>
        await ctx.connections.createApiKey({
          ...input,
          userId: ctx.session.userId,
          expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt),
        }),
    ),

  /** Ends one at once, in every process. */
  revoke: personProcedure.input(z.strictObject({ id: keyId })).mutation(async ({ ctx, input }) => {
    await ctx.connections.revokeApiKey({ userId: ctx.session.userId, id: input.id });
    return { revoked: true };
  }),
});
