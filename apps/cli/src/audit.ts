import { AUDIT_KINDS, type Connections } from "@perennial/connections";
import type { Command } from "commander";

import { userIdOf } from "./connection-named.ts";
import { examples } from "./help-text.ts";
import { createJsonList, writeAll, type Output } from "./output.ts";
import { createTablePages } from "./table.ts";
import { minuteOf } from "./time-between.ts";
import { UsageError } from "./usage-error.ts";
import { withRuntime } from "./with-runtime.ts";

type AuditEvent = Awaited<ReturnType<Connections["audit"]["list"]>>[number];
type Options = { user?: string; kind?: string; since?: string; limit: string };

const PAGE = 500;
const MOST = 100_000;
const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const HEAD = ["WHEN", "EVENT", "BY", "USER", "SUBJECT", "NETWORK", "REQUEST", "DETAILS"];

const EXPLANATION = `What was done, newest first: by a user or key (their id), by the operator, by Meta, by the system, or by a visitor who was
not signed in. An event is written together with what it tells of, and cannot be changed; it is kept for 400 days. The
network is the first three bytes of an address (of IPv6 the first 48 bits).

Kinds, of which --kind takes one or the word before the dot:
${Object.entries(AUDIT_KINDS)
  .map(([kind, meaning]) => `  ${kind.padEnd(24)} ${meaning}`)
  .join("\n")}`;
const EXAMPLES = [
  "perennial audit",
  "perennial audit --kind key --since 7d",
  "perennial audit --user @acme.shop --limit 500 --json",
];

/** `perennial audit`: what was done, by whom and to whom. */
export function auditCommand(program: Command, output: Output, _finish: (code: number) => void): void {
  program
    .command("audit")
    .description("show what was done, by whom and to whom: sign-ins, keys, sessions, operators' acts")
    .option("--user <id>", "only what was done to this user's account (id, or @username of an account)")
    .option("--kind <kind>", "only this kind, or all that begin with a word, such as key")
    .option("--since <time>", "only from then on: 90m, 12h, 7d, or an instant such as 2027-01-31T12:00Z")
    .option("--limit <count>", "at most so many", "50")
    .addHelpText("after", examples(EXAMPLES, EXPLANATION))
    .action(async (options: Options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const asked = {
        kind: kindOf(options.kind),
        since: sinceOf(options.since),
        limit: limitOf(options.limit),
      };
      await withRuntime(async ({ connections }) => {
        const userId = options.user === undefined ? null : await userIdOf(connections, options.user);
        await show(connections, { ...asked, userId }, json === true, output);
      }, output);
    });
}

type Asked = { userId: string | null; kind: string | null; since: Date | null; limit: number };

async function show(
  { audit }: Connections,
  { userId, kind, since, limit }: Asked,
  isJson: boolean,
  { out }: Output,
): Promise<void> {
  const elements = createJsonList(out);
  const tablePage = createTablePages(HEAD);
  const which = { ...(kind === null ? {} : { kind }), ...(since === null ? {} : { since }) };
  let before: AuditEvent | null = null;
  let shown = 0;
  while (shown < limit && !out.destroyed) {
    const size = Math.min(PAGE, limit - shown);
    const page: AuditEvent[] = await audit.list({ userId, before, limit: size, ...which });
    shown += page.length;
    if (isJson) await elements.add(page);
    else if (page.length > 0) await writeAll(out, tablePage(page.map(rowOf)));
    before = page.at(-1) ?? null;
    if (page.length < size) break;
  }
  if (isJson) elements.end();
  else if (shown === 0) out.write("Nothing of that kind was done.\n");
}

function rowOf({
  at,
  kind,
  actor,
  userId,
  subjectId,
  clientNetwork,
  requestId,
  detail,
}: AuditEvent): string[] {
  const details = Object.entries(detail).map(([name, value]) => `${name}=${String(value)}`);
  const told = [userId, subjectId, clientNetwork, requestId].map((text) => text ?? "–");
  return [minuteOf(at), kind, actor === userId ? "themselves" : actor, ...told, details.join(" ")];
}

function kindOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[a-z_.]{1,60}$/.test(text)) return text;
  throw new UsageError(
    "kind_invalid",
    "--kind takes a kind of event, or the word before its dot.",
    "`perennial audit --help` lists them.",
  );
}

function sinceOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined)
    return new Date(Date.now() - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS]);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : null;
  if (at !== null && !Number.isNaN(at.getTime())) return at;
  throw new UsageError(
    "since_invalid",
    "--since takes a stretch of time or an instant.",
    "For example 7d, 12h, 90m, 2027-01-31 or 2027-01-31T12:00Z.",
  );
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= MOST) return Number(text);
  throw new UsageError(
    "limit_invalid",
    `--limit takes a whole number from 1 to ${MOST}.`,
    "For example 200.",
  );
}
