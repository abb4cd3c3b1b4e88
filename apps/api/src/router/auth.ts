import type { SignInResult } from "@perennial/connections";
import { z } from "zod";

import type { ApiContext } from "../context.ts";
import { personProcedure, publicProcedure, router, translated } from "../trpc.ts";
import { chosenAccountIds, connectionId, sessionHandle } from "./ids.ts";

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
        /** A connection of the person who is signed in, to be connected again in place. */
        reconnectConnectionId: connectionId.nullable().default(null),
        /** Asks again for permissions that were not granted the last time. */
        rerequest: z.boolean().default(false),
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
      const result = await ctx.connections.completeSignIn({
        ...input,
        browserSecretOf: ctx.attemptCookies.secretOf,
        sessionId: ctx.presentedSessionId,
        userAgent: ctx.userAgent,
      });
      return answer(ctx, result);
    }),

  /** What the person may choose from, after a login that reaches several accounts. */
  choice: publicProcedure.input(z.strictObject({ attemptId })).query(
    async ({ ctx, input }) =>
      await ctx.connections.accountChoice({
        attemptId: input.attemptId,
        browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
      }),
  ),

  /** Finishes such a sign-in with the accounts that were chosen. */
  choose: publicProcedure
    .input(z.strictObject({ attemptId, accountIds: chosenAccountIds }))
    .mutation(async ({ ctx, input }) => {
      const result = await ctx.connections.chooseAccounts({
        ...input,
        browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
        sessionId: ctx.presentedSessionId,
        userAgent: ctx.userAgent,
      });
      return answer(ctx, result);
    }),

  /** The result of a sign-in this browser began, without its code: for a callback page that was reloaded. */
  resume: publicProcedure.input(z.strictObject({ attemptId })).mutation(async ({ ctx, input }) => {
    const result = await ctx.connections.resumeSignIn({
      attemptId: input.attemptId,
      browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
    });
    return answer(ctx, result);
  }),

  /** Why a sign-in of this browser failed, with what small calls of our own show about it. */
  diagnosis: publicProcedure.input(z.strictObject({ attemptId })).query(
    async ({ ctx, input }) =>
      await ctx.connections.diagnoseSignIn({
        attemptId: input.attemptId,
        browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
      }),
  ),

  /** The same attempt as it can be handed to somebody who is to find out. */
  bundle: publicProcedure.input(z.strictObject({ attemptId })).query(
    async ({ ctx, input }) =>
      await ctx.connections.exportSignIn({
        attemptId: input.attemptId,
        browserSecret: ctx.attemptCookies.secretOf(input.attemptId),
      }),
  ),

  /** The steps of a running sign-in as they happen. */
  progress: publicProcedure.input(z.strictObject({ attemptId })).subscription(async function* progress({
    ctx,
    input,
    signal,
  }) {
    const { attemptId } = input;
    const steps = ctx.connections.watchSignIn({
      attemptId,
      browserSecret: ctx.attemptCookies.secretOf(attemptId),
      signal: signal ?? AbortSignal.timeout(60_000),
    });
    yield* translated(counted(ctx, attemptId, steps));
  }),

  /** Who is signed in, and how one can sign in here. */
  session: publicProcedure.query(({ ctx }) => ({
    user: ctx.session === null ? null : { id: ctx.session.userId, signedInAt: ctx.session.createdAt },
    flavours: [...ctx.connections.flavours],
    isSimulated: ctx.simulator !== null,
    mayOperate: ctx.mayOperate(),
    now: ctx.connections.now(),
  })),

  /** Ends the session, in every process at once. */
  signOut: personProcedure.mutation(async ({ ctx }) => {
    await ctx.connections.endSession(ctx.session.sessionId);
    ctx.closeSession();
    return { signedOut: true };
  }),

  /** Where the person is signed in: this browser first, then the one that was used last. */
  sessions: personProcedure.query(
    async ({ ctx }) =>
      await ctx.connections.listSessions({ userId: ctx.session.userId, sessionId: ctx.session.sessionId }),
  ),

  /** Ends one of them, or all but this one, in every process at once. */
  revokeSession: personProcedure
    .input(z.strictObject({ id: z.union([sessionHandle, z.literal("others")]) }))
    .mutation(async ({ ctx, input: { id } }) => {
      const { userId, sessionId } = ctx.session;
      if (id === "others") return { ended: await ctx.connections.revokeSessions({ userId, sessionId }) };
      await ctx.connections.revokeSession({ userId, id });
      return { ended: 1 };
    }),

  /** What was done to the person's account, by whom and from where, newest first. */
  activity: personProcedure
    .input(z.strictObject({ limit: z.number().int().min(1).max(100).default(20) }))
    .query(
      async ({ ctx, input }) =>
        await ctx.connections.audit.activity({ userId: ctx.session.userId, limit: input.limit }),
    ),
});

async function* counted<Event>(
  { enterStream }: ApiContext,
  whose: string,
  events: AsyncIterable<Event>,
): AsyncGenerator<Event, void, void> {
  using _stream = enterStream(whose);
  yield* events;
}

/** Where a sign-in leads. The session goes into its cookie and nowhere else. */
type SignInAnswer =
  | { kind: "signed_in"; connectionId: string; returnTo: string }
  | { kind: "choice"; attemptId: string };

function answer(ctx: ApiContext, result: SignInResult): SignInAnswer {
  if (result.kind === "choice") return { kind: "choice", attemptId: result.attemptId };
  const { session, connectionId, returnTo } = result;
  if (session !== null) ctx.openSession(session);
  return { kind: "signed_in", connectionId, returnTo };
}
