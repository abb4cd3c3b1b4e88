import { z } from "zod";

import { personProcedure, router } from "../trpc.ts";

/** What people may ask for about everything that is theirs. */
export const accountRouter = router({
  /** Everything that is kept about them, as JSON and without tokens. It is written down that they asked. */
  export: personProcedure.mutation(
    async ({ ctx }) => await ctx.connections.account.export(ctx.session.userId),
  ),

  /** Erases all of it. `typed` is the username of one of their accounts, by which they say that they mean it. */
  erase: personProcedure
    .input(z.strictObject({ typed: z.string().max(200) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.connections.account.erase({
        userId: ctx.session.userId,
        typed: input.typed,
      });
      ctx.closeSession();
      return { erased: true };
    }),
});
