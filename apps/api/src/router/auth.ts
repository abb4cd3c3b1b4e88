import { z } from "zod";

import { personProcedure, publicProcedure, router, translated } from "../trpc.ts";

const flavour = z.enum(["instagram", "facebook"]);
const attemptId = z.string().regex(/^[A-Za-z0-9_-]{16}$/);

/** Signing in, signing out, and who somebody is. */
export const authRouter = router({
  /** Starts an authorization request; the browser then goes to the address in the answer. */
  begin: publicProcedure
    .input(
      z.strictObject({
        flavour: flavour.default("instagram"),
        returnTo: z.string().max(200).default("/connections"),
        forceReauth: z.boolean().default(false),
        reconnectLink: z.string().max(1_000).nullable().default(null),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const begun = await ctx.connections.beginSignIn({ ...input, linkUserId: ctx.session?.userId ?? null });
      ctx.attemptCookies.bind(begun.attemptId, begun.browserSecret);
      return { authorizationUrl: begun.authorizationUrl };
    }),

  /** Finishes a sign-in with the query of the redirect address, as it arrived. */
  complete: publicProcedure
    .input(z.strictObject({ flavour, query: z.string().max(8192) }))
    .mutation(async ({ ctx, input }) => {
      const { session, ...result } = await ctx.connections.completeSignIn({
        ...input,
        browserSecretOf: ctx.attemptCookies.secretOf,
        sessionId: ctx.presentedSessionId,
        userAgent: ctx.userAgent,
      });
      if (session !== null) ctx.openSession(session);
      return { connectionId: result.connectionId, returnTo: result.returnTo };
    }),

  /** The result of a sign-in this browser began, without its code: for a callback page that was reloaded. */
  resume: publicProcedure.input(z.strictObject({ attemptId })).mutation(async ({ ctx, input }) => {
    const result = await ctx.connections.resumeSignIn({
      attemptId: input.attemptId,
      browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
    });
    if (result.session !== null) ctx.openSession(result.session);
    return { connectionId: result.connectionId, returnTo: result.returnTo };
  }),

  /** The steps of a running sign-in as they happen. */
  progress: publicProcedure.input(z.strictObject({ attemptId })).subscription(async function* progress({
    ctx,
    input,
    signal,
  }) {
    const steps = ctx.connections.watchSignIn({
      attemptId: input.attemptId,
      browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
      signal: signal ?? AbortSignal.timeout(60_000),
    });
    yield* translated(steps);
  }),

  /** Who is signed in, and how one can sign in here. */
  session: publicProcedure.query(({ ctx }) => ({
    user: ctx.session === null ? null : { id: ctx.session.userId, signedInAt: ctx.session.createdAt },
    flavours: [...ctx.connections.flavours],
    isSimulated: ctx.simulator !== null,
    now: ctx.connections.now(),
  })),

  /** Ends the session, in every process at once. */
  signOut: personProcedure.mutation(async ({ ctx }) => {
    await ctx.connections.endSession(ctx.session.sessionId);
    ctx.closeSession();
    return { signedOut: true };
  }),
});
