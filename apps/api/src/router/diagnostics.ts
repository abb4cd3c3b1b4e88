import { catalogueEntry, isErrorCode, isErrorReason } from "@perennial/connections";
import { z } from "zod";

import { operatorProcedure, personProcedure, publicProcedure, router } from "../trpc.ts";
import { connectionId } from "./ids.ts";

const code = z.string().refine(isErrorCode, "There is no such code.");
const upstreamReason = z.string().refine(isErrorReason, "There is no such reason.");

/** Why things fail, and what helps. */
export const diagnosticsRouter = router({
  /** What the doctor finds about this installation, and the steps that nobody but a person can see to. */
  report: operatorProcedure.query(async ({ ctx }) => {
    await ctx.admitReport();
    return await ctx.installation.report();
  }),

  /** How to go live with a real app, filled in. About nobody: nobody has to be signed in. */
  guide: publicProcedure.query(({ ctx }) => ctx.installation.guide),

  /** The catalogue's entry for a code, and for what Instagram or Facebook said. About nobody: nobody has to be signed in. */
  explain: publicProcedure
    .input(z.strictObject({ code, upstreamReason: upstreamReason.nullable() }))
    .query(({ input }) => catalogueEntry(input.code, input.upstreamReason)),

  /** Why the last attempt of a connection failed, with evidence; null when the newest ones went well. */
  connection: personProcedure
    .input(z.strictObject({ id: connectionId }))
    .query(
      async ({ ctx, input }) =>
        await ctx.connections.diagnoseConnection({ userId: ctx.session.userId, connectionId: input.id }),
    ),

  /** One line of a connection's history as it can be handed to somebody; null when there is no such line. */
  bundle: personProcedure
    .input(z.strictObject({ id: connectionId, attemptId: z.string().max(64), startedAt: z.iso.datetime() }))
    .query(
      async ({ ctx, input: { id, attemptId, startedAt } }) =>
        await ctx.connections.exportAttempt({
          userId: ctx.session.userId,
          connectionId: id,
          attemptId,
          startedAt: new Date(startedAt),
        }),
    ),
});
