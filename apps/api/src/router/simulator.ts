import { TRPCError } from "@trpc/server";
import { z } from "zod";

import { publicProcedure, router } from "../trpc.ts";

const MAX_STEP_HOURS = 24 * 90;

/** The simulator's clock, for the bar that shows while it is in use. Absent against the real Instagram. */
export const simulatorRouter = router({
  advance: publicProcedure
    .input(z.strictObject({ hours: z.number().int().min(1).max(MAX_STEP_HOURS) }))
    .mutation(async ({ ctx, input }) => {
      if (ctx.simulator === null) throw new TRPCError({ code: "NOT_FOUND" });
      return { now: await ctx.simulator.advance(input.hours * 3_600_000) };
    }),
});
