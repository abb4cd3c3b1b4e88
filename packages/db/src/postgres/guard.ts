import { getTableName } from "../drizzle.ts";
import type { Guard } from "../move/movable.ts";
import { MOVED_TABLE_NAMES } from "../move/rows.ts";
import { MOVED } from "./faults.ts";
import { movedTables } from "./moved-tables.ts";

const TABLES = MOVED_TABLE_NAMES.map((table) => getTableName(movedTables[table]));

// The state is asked for each row, so that the move can open the guard for itself inside its transaction.
const CREATE_FUNCTION = `CREATE OR REPLACE FUNCTION public.perennial_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state text := (SELECT guard FROM public.house);
BEGIN
  IF state = 'draining' THEN
    -- Nobody gets a lease any more.
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'connections' THEN
      IF NEW.lease_owner IS NOT NULL AND NEW.lease_owner IS DISTINCT FROM OLD.lease_owner THEN
        RETURN NULL;
      END IF;
    END IF;
  ELSIF state <> 'open' THEN
    -- When a session was last used is noted while a page is read, and reading goes on.
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'sessions' THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'perennial_moved' USING ERRCODE = '${MOVED}';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$`;

/** Waits for every write under way, and keeps all others waiting until the transaction ends. */
export function lockAgainstWrites(guard: Guard): string {
  // Triggers are only dropped where nobody reads either.
  const mode = guard === "open" ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE";
  return `LOCK TABLE ${TABLES.map((table) => `public.${table}`).join(", ")} IN ${mode} MODE`;
}

type RunText = (text: string) => Promise<Record<string, unknown>[]>;

/** Runs a migration without the guard, which it may have to write past, in the transaction that puts it back. */
export async function withoutGuard(run: RunText, migrateTables: () => Promise<void>): Promise<void> {
  const [house] = await run("SELECT to_regclass('public.house') IS NOT NULL AS is_there");
  const [row] = house?.["is_there"] === true ? await run("SELECT guard FROM public.house") : [];
  const guard = (row?.["guard"] ?? "open") as Guard;
  if (guard === "open") return migrateTables();
  for (const statement of guardStatements("open")) await run(statement);
  await migrateTables();
  for (const statement of guardStatements(guard)) await run(statement);
}

/** Puts triggers on every table that moves, or takes them away: they hold for processes of any version. */
export function guardStatements(guard: Guard): string[] {
  if (guard === "open") {
    return [
      ...TABLES.map((table) => `DROP TRIGGER IF EXISTS perennial_guard ON public.${table}`),
      "DROP FUNCTION IF EXISTS public.perennial_guard()",
    ];
  }
  return [
    CREATE_FUNCTION,
    ...TABLES.map(
      (table) => `CREATE OR REPLACE TRIGGER perennial_guard
        BEFORE INSERT OR UPDATE OR DELETE ON public.${table}
        FOR EACH ROW EXECUTE FUNCTION public.perennial_guard()`,
    ),
  ];
}
