import { and, eq, sql } from "../drizzle.ts";
import type { PermitStore } from "../store/permits.ts";
import type { Engine } from "./engine.ts";
import { leaseNowOf, leaseNowValue, span, type LeaseClock } from "./lease-clock.ts";
import { rateLimits } from "./schema.ts";
import { slot, slotsOf } from "./slots.ts";

/** How much of a limit is used up, by the clock that leases go by: the database's. */
export function createPermitMethods({ db, write }: Engine, leaseClock: LeaseClock): PermitStore {
  const { begin, take, giveBack } = prepareStatements(db);
  // Done twice after a lost answer, permits are taken that nobody uses: fewer are given out, never more.
  const cheap = { isDurable: false, isRepeatable: true };

  return {
    takePermits: async ({ name, wanted, limit, windowMs }) => {
      const values = { name, wanted, limit, windowMs, ...leaseNowValue(leaseClock) };
      const [, [row]] = await write((run) => Promise.all([run(begin, values), run(take, values)]), cheap);
      if (row === undefined) throw new Error("A window that was just begun is gone.");
      const { used, before, windowEndsAt, endsInMs } = row;
      return { granted: used - before, left: Math.max(0, limit - used), windowEndsAt, endsInMs };
    },
    returnPermits: async (input) => {
      await write((run) => run(giveBack, input), { isDurable: false });
    },
  };
}

function prepareStatements(db: Engine["db"]) {
  const slots = slotsOf(rateLimits);
  const now = leaseNowOf(rateLimits.windowEndsAt);
  const limit = slot(rateLimits.used, "limit");
  const wanted = slot(rateLimits.used, "wanted");
  // Locked first, so that what was used before is what the update adds to.
  const locked = db
    .select({
      name: rateLimits.name,
      isRunning: sql<boolean>`${rateLimits.windowEndsAt} > ${now}`.as("is_running"),
      before:
        sql<number>`case when ${rateLimits.windowEndsAt} > ${now} then ${rateLimits.used} else 0 end`.as(
          "before",
        ),
    })
    .from(rateLimits)
    .where(eq(rateLimits.name, slots.name))
    .for("update")
    .as("locked");

  return {
    begin: db
      .insert(rateLimits)
      .values({ name: slots.name, used: 0, windowEndsAt: sql`${now} + ${span("windowMs")}` })
      .onConflictDoNothing()
      .prepare(""),
    take: db
      .update(rateLimits)
      .set({
        used: sql`${locked.before} + greatest(0, least(${wanted}, ${limit} - ${locked.before}))`,
        windowEndsAt: sql`case when ${locked.isRunning} then ${rateLimits.windowEndsAt} else ${now} + ${span("windowMs")} end`,
      })
      .from(locked)
      .where(eq(rateLimits.name, locked.name))
      .returning({
        used: rateLimits.used,
        before: locked.before,
        windowEndsAt: rateLimits.windowEndsAt,
        endsInMs: sql<number>`floor(extract(epoch from ${rateLimits.windowEndsAt} - ${now}) * 1000)::int`,
      })
      .prepare(""),
    giveBack: db
      .update(rateLimits)
      .set({ used: sql`greatest(0, ${rateLimits.used} - ${slot(rateLimits.used, "count")})` })
      .where(and(eq(rateLimits.name, slots.name), eq(rateLimits.windowEndsAt, slots.windowEndsAt)))
      .prepare(""),
  };
}
