import { checked } from "../checked-limit.ts";
import { and, desc, eq, gt, inArray, sql } from "../drizzle.ts";
import { choiceOf, judgeSignInClaim, withoutHashes } from "../judge-sign-in-claim.ts";
import { isSameHash } from "../same-hash.ts";
import { slot, slotsOf } from "../slots.ts";
import type { SignInAttemptStore, SignInClaim, SignInClaimInput } from "../store/sign-in-attempts.ts";
import { signInAttemptColumns } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { signInAttempts } from "./schema.ts";

/** Attempts up to the exchange of their code, and their failures. */
export function createSignInAttemptMethods(engine: Engine): SignInAttemptStore {
  const { read, writeWithoutSync } = engine; // a power cut costs a person one more click
  const statements = prepareStatements(engine);

  return {
    createSignInAttempt: (attempt) =>
      writeWithoutSync(() => {
        statements.insert.run({
          ...attempt,
          codeHash: null,
          status: "started",
          finishedAt: null,
          userId: null,
          connectionId: null,
          errorCode: null,
          failedStep: null,
          transcript: null,
          sealedChoice: null,
        });
      }),

    claimSignInAttempt: async (input) => {
      // A refusal or a repetition is read without the write lock: callbacks can be forged in any number.
      const before = await read(() => judge(statements, input));
      return before ?? writeWithoutSync(() => claim(statements, input));
    },

    findSignInAttempt: ({ id, browserHash }) =>
      read(() => {
        const stored = statements.find.get({ id });
        if (stored === undefined || !isSameHash(stored.browserHash, browserHash)) return null;
        return withoutHashes(stored);
      }),

    failSignInAttempt: ({ wallNow, ...failure }) =>
      writeWithoutSync(() => void statements.fail.run({ ...failure, finishedAt: wallNow })),

    listOpenSignInAttempts: ({ limit, ...query }) =>
      read(() => statements.listOpen.all({ ...query, limit: checked(limit) })),

    offerChoice: (input) => writeWithoutSync(() => statements.offer.run(input).changes === 1),
    findChoice: ({ id, ...from }) => read(() => choiceOf(statements.find.get({ id }), from)),
    takeChoice: (id) => writeWithoutSync(() => statements.take.run({ id }).changes === 1),
  };
}

type Statements = ReturnType<typeof prepareStatements>;

/** null when the attempt is there to be taken. */
function judge(statements: Statements, input: SignInClaimInput): SignInClaim | null {
  const stored = statements.find.get({ id: input.id });
  const judgement = judgeSignInClaim(stored, input);
  if (judgement.kind === "refused") return judgement;
  if (judgement.kind === "claimable" || stored === undefined) return null;
  return { kind: "repeated", attempt: withoutHashes(stored) };
}

/** Takes an attempt that was judged claimable. All that can have changed since is that somebody else took it. */
function claim(statements: Statements, input: SignInClaimInput): SignInClaim {
  const attempt = statements.claim.get({ id: input.id, codeHash: input.codeHash });
  if (attempt !== undefined) return { kind: "claimed", attempt };
  const overtaken = judge(statements, input);
  if (overtaken === null) throw new Error("A sign-in attempt could be taken and was not.");
  return overtaken;
}

function prepareStatements({ db }: Engine) {
  const slots = slotsOf(signInAttempts);
  const isAttempt = eq(signInAttempts.id, slots.id);
  return {
    insert: db.insert(signInAttempts).values(slots).prepare(),
    find: db.select().from(signInAttempts).where(isAttempt).prepare(),
    claim: db
      .update(signInAttempts)
      .set({ status: "exchanging", codeHash: slots.codeHash })
      .where(and(isAttempt, eq(signInAttempts.status, "started")))
      .returning(signInAttemptColumns)
      .prepare(),
    fail: db
      .update(signInAttempts)
      .set({
        status: "failed",
        errorCode: slots.errorCode,
        failedStep: slots.failedStep,
        transcript: slots.transcript,
        finishedAt: slots.finishedAt,
        sealedChoice: null,
      })
      .where(and(isAttempt, inArray(signInAttempts.status, ["started", "exchanging", "choosing"])))
      .prepare(),
    offer: db
      .update(signInAttempts)
      .set({ status: "choosing", sealedChoice: slots.sealedChoice, expiresAt: slots.expiresAt })
      .where(and(isAttempt, eq(signInAttempts.status, "exchanging")))
      .prepare(),
    listOpen: db
      .select(signInAttemptColumns)
      .from(signInAttempts)
      .where(
        and(
          gt(signInAttempts.createdAt, slot(signInAttempts.createdAt, "createdAfter")),
          gt(signInAttempts.expiresAt, slot(signInAttempts.expiresAt, "wallNow")),
          eq(signInAttempts.returnTo, slots.returnTo),
          inArray(signInAttempts.status, ["started", "exchanging", "choosing"]),
        ),
      )
      .orderBy(desc(signInAttempts.createdAt), desc(signInAttempts.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
    take: db
      .update(signInAttempts)
      .set({ status: "exchanging" })
      .where(and(isAttempt, eq(signInAttempts.status, "choosing")))
      .prepare(),
  };
}
