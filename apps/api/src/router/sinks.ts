import { sinkName, sinkSettings } from "@perennial/connections";
import { z } from "zod";

import { personProcedure, router } from "../trpc.ts";
import { connectionId, sinkId } from "./ids.ts";

/** The places where a person's tokens are read. None of the answers holds a token or a secret, but for the one of a new webhook. */
export const sinksRouter = router({
  /** Who reads a connection's token, oldest first. */
  list: personProcedure
    .input(z.strictObject({ connectionId }))
    .query(
      async ({ ctx, input }) => await ctx.connections.sinks.list({ ...input, userId: ctx.session.userId }),
    ),

  /**
   * Sets one up, or up anew; the present token is delivered at once. `settings: null` leaves those that are there.
   * The secret of a new webhook is in the answer, this once.
   */
  save: personProcedure
    .input(
      z.strictObject({
        id: sinkId.nullable().default(null),
        connectionId,
        name: sinkName,
        settings: sinkSettings.nullable(),
      }),
    )
    .mutation(
      async ({ ctx, input }) =>
        await ctx.connections.sinks.save({ ...input, userId: ctx.session.userId, origin: "web" }),
    ),

  /** Forgets one. What it holds stays there until the token ends. */
  remove: personProcedure.input(z.strictObject({ id: sinkId })).mutation(async ({ ctx, input }) => {
    await ctx.connections.sinks.remove({ id: input.id, userId: ctx.session.userId });
    return { removed: true };
  }),

  /** Delivers to one now and gives the receipt. */
  test: personProcedure
    .input(z.strictObject({ id: sinkId }))
    .mutation(
      async ({ ctx, input }) => await ctx.connections.sinks.test({ ...input, userId: ctx.session.userId }),
    ),

  /** What was tried, newest first. */
  receipts: personProcedure
    .input(z.strictObject({ id: sinkId, limit: z.number().int().min(1).max(100).default(20) }))
    .query(
      async ({ ctx, input }) =>
        await ctx.connections.sinks.receipts({ ...input, userId: ctx.session.userId }),
    ),

  /** Which kinds can be set up here, and why not the others. */
  kinds: personProcedure.query(({ ctx }) => ctx.connections.sinks.kinds("web")),
});
