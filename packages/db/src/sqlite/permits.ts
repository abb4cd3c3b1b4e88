import { and, eq, sql } from "../drizzle.ts";
import { slot, slotsOf } from "../slots.ts";
import type { PermitStore } from "../store/permits.ts";
import type { Engine } from "./engine.ts";
import { rateLimits } from "./schema.ts";

/** How much of a limit is used up, by the clock that leases go by. */
export function createPermitMethods({ db, writeWithoutSync }: Engine, leaseNow: () => number): PermitStore {
  const slots = slotsOf(rateLimits);
  const find = db.select().from(rateLimits).where(eq(rateLimits.name, slots.name)).prepare();
  const store = db
    .insert(rateLimits)
    .values(slots)
    .onConflictDoUpdate({
      target: rateLimits.name,
      set: { used: slots.used, windowEndsAt: slots.windowEndsAt },
    })
    .prepare();
  const giveBack = db
    .update(rateLimits)
    .set({ used: sql`max(0, ${rateLimits.used} - ${slot(rateLimits.used, "count")})` })
    .where(and(eq(rateLimits.name, slots.name), eq(rateLimits.windowEndsAt, slots.windowEndsAt)))
    .prepare();

  return {
    takePermits: ({ name, wanted, limit, windowMs }) =>
      writeWithoutSync(() => {
        const nowMs = leaseNow();
        const row = find.get({ name });
        const isRunning = row !== undefined && row.windowEndsAt.getTime() > nowMs;
        const before = isRunning ? row.used : 0;
        const windowEndsAt = isRunning ? row.windowEndsAt : new Date(nowMs + windowMs);
        const granted = Math.max(0, Math.min(wanted, limit - before));
        if (granted > 0 || !isRunning) store.run({ name, used: before + granted, windowEndsAt });
        const left = Math.max(0, limit - before - granted);
        return { granted, left, windowEndsAt, endsInMs: windowEndsAt.getTime() - nowMs };
      }),
    returnPermits: (input) => writeWithoutSync(() => void giveBack.run(input)),
  };
}
