import { checked } from "../checked-limit.ts";
import { and, desc, eq, gt, inArray, or, sql } from "../drizzle.ts";
import {
  choiceOf,
  judgeSignInClaim,
  withoutHashes,
  type StoredSignInAttempt,
} from "../judge-sign-in-claim.ts";
import { isSameHash } from "../same-hash.ts";
import type { SignInAttemptStore, SignInClaim, SignInClaimInput } from "../store/sign-in-attempts.ts";
import { signInAttemptColumns } from "./columns.ts";
import type { Engine, Run } from "./engine.ts";
import { signInAttempts } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** What a crash of the server may forget of an attempt costs a person one more click. */
const CHEAP = { isDurable: false };

/** Attempts up to the exchange of their code, and their failures. */
export function createSignInAttemptMethods({ db, read, write }: Engine): SignInAttemptStore {
  const statements = prepareStatements(db);
  const find = async (id: string): Promise<StoredSignInAttempt | undefined> => {
    const [stored] = await read((run) => run(statements.find, { id }));
    return stored;
  };

  return {
    createSignInAttempt: async (attempt) => {
      const started = {
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
      };
      const begin = async (run: Run, isRepeat: boolean): Promise<void> => {
        if (!isRepeat) return void (await run(statements.insert, started));
        // Found with the secrets that only this caller knows: it was written before its answer was lost.
        const again = [
          run(statements.insertUnlessThere, started),
          run(statements.findWritten, started),
        ] as const;
        const [, [written]] = await Promise.all(again);
        if (written === undefined) throw new RangeError("The id of a sign-in attempt is in use.");
      };
      await write(begin, { ...CHEAP, isRepeatable: true });
    },

    claimSignInAttempt: async (input) => {
      // What is judged does not change but for the status, and that is asked again by the statement.
      const before = judge(await find(input.id), input);
      if (before !== null) return before;
      const { id, codeHash } = input;
      const [attempt] = await write((run) => run(statements.claim, { id, codeHash }), CHEAP);
      if (attempt !== undefined) return { kind: "claimed", attempt };
      const overtaken = judge(await find(id), input);
      if (overtaken === null) throw new Error("A sign-in attempt could be taken and was not.");
      return overtaken;
    },

    findSignInAttempt: async ({ id, browserHash }) => {
      const stored = await find(id);
      if (stored === undefined || !isSameHash(stored.browserHash, browserHash)) return null;
      return withoutHashes(stored);
    },

    listOpenSignInAttempts: async ({ limit, ...query }) => {
      const values = { ...query, limit: checked(limit) };
      return read((run) => run(statements.listOpen, values));
    },

    failSignInAttempt: async ({ wallNow, ...failure }) => {
      const values = { ...failure, finishedAt: wallNow };
      await write((run) => run(statements.fail, values), { ...CHEAP, isRepeatable: true });
    },

    offerChoice: async (input) => {
      const offered = await write((run) => run(statements.offer, input), { ...CHEAP, isRepeatable: true });
      return offered.rowCount === 1;
    },
    findChoice: async ({ id, ...from }) => choiceOf(await find(id), from),
    takeChoice: async (id) => {
      const taken = await write((run) => run(statements.take, { id }), CHEAP);
      return taken.rowCount === 1;
    },
  };
}

/** null when the attempt is there to be taken. */
function judge(stored: StoredSignInAttempt | undefined, input: SignInClaimInput): SignInClaim | null {
  const judgement = judgeSignInClaim(stored, input);
  if (judgement.kind === "refused") return judgement;
  if (judgement.kind === "claimable" || stored === undefined) return null;
  return { kind: "repeated", attempt: withoutHashes(stored) };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(signInAttempts);
  const isAttempt = eq(signInAttempts.id, slots.id);
  return {
    insert: db.insert(signInAttempts).values(slots).prepare(""),
    insertUnlessThere: db.insert(signInAttempts).values(slots).onConflictDoNothing().prepare(""),
    findWritten: db
      .select({ id: signInAttempts.id })
      .from(signInAttempts)
      .where(
        and(
          isAttempt,
          eq(signInAttempts.stateHash, slots.stateHash),
          eq(signInAttempts.browserHash, slots.browserHash),
        ),
      )
      .prepare(""),
    find: db.select().from(signInAttempts).where(isAttempt).prepare(""),
    claim: db
      .update(signInAttempts)
      .set({ status: "exchanging", codeHash: slots.codeHash })
      .where(and(isAttempt, eq(signInAttempts.status, "started")))
      .returning(signInAttemptColumns)
      .prepare(""),
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
      .prepare(""),
    // The same choice again is the same: whoever repeats it finds it done.
    offer: db
      .update(signInAttempts)
      .set({ status: "choosing", sealedChoice: slots.sealedChoice, expiresAt: slots.expiresAt })
      .where(
        and(
          isAttempt,
          or(
            eq(signInAttempts.status, "exchanging"),
            and(eq(signInAttempts.status, "choosing"), eq(signInAttempts.sealedChoice, slots.sealedChoice)),
          ),
        ),
      )
      .prepare(""),
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
      .prepare(""),
    take: db
      .update(signInAttempts)
      .set({ status: "exchanging" })
      .where(and(isAttempt, eq(signInAttempts.status, "choosing")))
      .prepare(""),
  };
}
