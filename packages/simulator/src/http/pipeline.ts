import type { Call, Endpoint, Subject } from "../endpoint.ts";
import type { FaultEffect, Passage } from "../faults/effect.ts";
import type { FiringRule } from "../faults/fault-engine.ts";
import type { GatePoint, GateRelease } from "../gates.ts";
import type { LedgerRecord } from "../ledger.ts";
import type { World } from "../world.ts";
import type { Reply } from "./reply.ts";

/** A request that a rule, a gate or latency holds up. */
export type SlowRun = {
  world: World;
  endpoint: Endpoint;
  call: Call;
  subject: Subject;
  record: LedgerRecord;
  rule: FiringRule | undefined;
  isClientGone: () => boolean;
};

export type SlowResult = { reply: Reply | undefined; passage: Passage };

const LOST: SlowResult = { reply: undefined, passage: { kind: "reset" } };
const NO_EFFECT: FaultEffect = {};

/**
 * One request in the order things happen to it: latency, the rule's wait, the gate before, processing, the gate after,
 * the rule's late wait. What remains is how the answer travels.
 */
export async function runSlowly(run: SlowRun): Promise<SlowResult> {
  const { world, record, rule } = run;
  const effect = rule?.effect ?? NO_EFFECT;
  record.fault = rule?.label ?? null;
  const { capacity } = effect;
  const isCrowdedOut = capacity !== undefined && capacity.inside >= capacity.limit;
  if (capacity !== undefined && !isCrowdedOut) capacity.inside++;
  try {
    if (world.latencyMs > 0 && !(await world.timers.pause(world.latencyMs))) return lose(record);
    return await walk(run, effect, isCrowdedOut);
  } finally {
    if (capacity !== undefined && !isCrowdedOut) capacity.inside--;
  }
}

async function walk(run: SlowRun, effect: FaultEffect, isCrowdedOut: boolean): Promise<SlowResult> {
  const { world, endpoint, call, subject, record, rule } = run;
  const passage: Passage = effect.passage ?? { kind: "whole" };
  const context = { world, flavour: endpoint.flavour, call, subject };
  if (isCrowdedOut) {
    record.outcome = "not_processed";
    return { reply: effect.replace?.(context), passage };
  }
  const delayMs = rule === undefined ? 0 : (effect.delayMs?.(rule.random) ?? 0);
  if (delayMs > 0 && !(await world.timers.pause(delayMs))) return lose(record);
  if ((await holdAt("before_process", run)) === "drop") return lose(record);

  effect.prepare?.(context);
  const isProcessed = effect.isProcessed ?? true;
  let reply = isProcessed ? take(run) : undefined;
  if (!isProcessed) record.outcome = "not_processed";

  if (isProcessed && (await holdAt("after_process", run)) === "drop") return lose(record);
  if (effect.capacity === undefined && effect.replace !== undefined) reply = effect.replace(context);
  else if (reply !== undefined && effect.rewrite !== undefined) reply = effect.rewrite(reply, context);
  const lateMs = rule === undefined ? 0 : (effect.lateMs?.(rule.random) ?? 0);
  if (lateMs > 0 && !(await world.timers.pause(lateMs))) return lose(record);
  return { reply, passage };
}

/** The request takes effect. */
function take({ world, endpoint, call, subject, record }: SlowRun): Reply {
  const reply = endpoint.process(world, call, subject);
  world.ledger.processed(record, reply);
  return reply;
}

async function holdAt(point: GatePoint, { world, record, isClientGone }: SlowRun): Promise<GateRelease> {
  if (world.gates.isIdle) return "normal";
  const { endpoint: at, flavour, user, sequence } = record;
  return (await world.gates.pass(point, { at, flavour, user, sequence }, isClientGone)) ?? "normal";
}

function lose(record: LedgerRecord): SlowResult {
  if (record.processedAtMs === null) record.outcome = "not_processed";
  return LOST;
}
