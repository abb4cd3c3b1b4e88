import { z } from "zod";

import type { ApiContext, RequestSession } from "../context.ts";
import { personProcedure, router, translated } from "../trpc.ts";
import { chosenAccountIds, connectionId } from "./ids.ts";

/** A person's connections. None of the answers holds a token. */
export const connectionsRouter = router({
  /**
   * All of them, those that need the person first, with the instant the times are to be read against, and
   * the logins that do not work at the moment for anybody.
   */
  list: personProcedure.query(async ({ ctx }) => {
    const [connections, paused] = await Promise.all([
      ctx.connections.list(ctx.session.userId),
      ctx.connections.pausedLogins(),
    ]);
    return { now: ctx.connections.now(), connections, paused };
  }),

  /** What the person was told about their connections, newest first. */
  alerts: personProcedure
    .input(z.strictObject({ limit: z.number().int().min(1).max(100).default(50) }))
    .query(async ({ ctx, input }) => ({
      now: ctx.connections.now(),
      alerts: await ctx.connections.alerts({ userId: ctx.session.userId, limit: input.limit }),
    })),

  get: personProcedure.input(z.strictObject({ id: connectionId })).query(async ({ ctx, input }) => ({
    now: ctx.connections.now(),
    connection: await ctx.connections.get(ctx.session.userId, input.id),
  })),

  /** What was tried and what came of it, newest first. `before` is the start of the last entry seen. */
  history: personProcedure
    .input(
      z.strictObject({
        id: connectionId,
        limit: z.number().int().min(1).max(100).default(50),
        before: z.iso.datetime().optional(),
      }),
    )
    .query(async ({ ctx, input }) => ({
      entries: await ctx.connections.history({
        userId: ctx.session.userId,
        connectionId: input.id,
        limit: input.limit,
        before: input.before === undefined ? null : new Date(input.before),
      }),
    })),

  /** Refreshes now. A token with more than its refresh lead left is left alone unless forced. */
  refresh: personProcedure
    .input(z.strictObject({ id: connectionId, force: z.boolean().default(false) }))
    .mutation(
      async ({ ctx, input }) =>
        await ctx.connections.refresh({
          connectionId: input.id,
          userId: ctx.session.userId,
          trigger: "person",
          force: input.force,
        }),
    ),

  /** Proves that the token works: same account, which scopes, what is left to publish, what has changed. */
  validate: personProcedure.input(z.strictObject({ id: connectionId })).mutation(
    async ({ ctx, input }) =>
      await ctx.connections.validate({
        connectionId: input.id,
        userId: ctx.session.userId,
        trigger: "person",
      }),
  ),

  /** The newest posts, read with the token as any other code would be handed it. */
  posts: personProcedure
    .input(z.strictObject({ id: connectionId, limit: z.number().int().min(1).max(25).default(6) }))
    .query(
      async ({ ctx, input }) =>
        await ctx.connections.recentPosts({
          connectionId: input.id,
          userId: ctx.session.userId,
          limit: input.limit,
          trigger: "person",
        }),
    ),

  /** Keeps a token that is brought by hand. The answer never repeats it. */
  importToken: personProcedure
    .input(
      z.strictObject({
        text: z.string().min(1).max(20_000),
        /** The connection it is meant for: only its account will do. */
        id: connectionId.nullable().default(null),
        accountIds: chosenAccountIds.nullable().default(null),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await ctx.connections.importToken({
        text: input.text,
        userId: ctx.session.userId,
        trigger: "person",
        accountIds: input.accountIds,
        connectionId: input.id,
        expiresInSeconds: null,
      });
      return result.kind === "choose" ? result : { kind: result.kind, connections: result.connections };
    }),

  /** Forgets the token and stops renewing. */
  disconnect: personProcedure.input(z.strictObject({ id: connectionId })).mutation(async ({ ctx, input }) => {
    await ctx.connections.disconnect({ userId: ctx.session.userId, connectionId: input.id });
    return { disconnected: true };
  }),

  /** Says which connections changed, whichever process changed them. */
  watch: personProcedure.subscription(async function* watch({ ctx, signal }) {
    yield* translated(watchWhileSignedIn(ctx, signal ?? AbortSignal.timeout(3_600_000)));
  }),
});

async function* watchWhileSignedIn(
  { connections, session, enterStream }: ApiContext & { session: RequestSession },
  signal: AbortSignal,
): AsyncGenerator<{ changed: string[] }, void, void> {
  using _stream = enterStream(session.userId);
  for await (const event of connections.watch(session.userId, signal)) {
    if ((await connections.findSession(session.sessionId)) === null) return;
    yield event;
  }
}
