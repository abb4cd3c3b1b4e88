import { catalogueEntry, isErrorCode, isErrorReason } from "@perennial/connections";
import { z } from "zod";

import { publicProcedure, router } from "../trpc.ts";

const code = z.string().refine(isErrorCode, "There is no such code.");
const upstreamReason = z.string().refine(isErrorReason, "There is no such reason.");

/** What is known about failures. Nothing here is about anybody, so nobody has to be signed in. */
export const diagnosticsRouter = router({
  /** The catalogue's entry for a failure, by its code and what Instagram or Facebook said, where they did. */
  explain: publicProcedure
    .input(z.strictObject({ code, upstreamReason: upstreamReason.nullable() }))
    .query(({ input }) => catalogueEntry(input.code, input.upstreamReason)),
});
