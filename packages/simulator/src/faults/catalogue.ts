import { SimulatorError } from "../simulator-error.ts";
import { authorize } from "./authorize-fault.ts";
import { html, junk, redirect, status } from "./body-faults.ts";
import type { FaultEffect } from "./effect.ts";
import { debug, pages } from "./facebook-faults.ts";
import { field } from "./field-fault.ts";
import { grant, graphErrorFault, reflect, throttle } from "./graph-faults.ts";
import type { FaultAction } from "./rule.ts";
import { readSettings, type Settings } from "./settings.ts";
import { capacity, delay, late } from "./timing-faults.ts";
import { drip, flood, hang, keepaliveRace, reset, stall, tcpRefuse, truncate } from "./transport-faults.ts";

const ACTIONS: Record<FaultAction, (settings: Settings) => FaultEffect> = {
  authorize,
  capacity,
  debug,
  delay,
  drip,
  field,
  flood,
  grant,
  graph_error: graphErrorFault,
  hang,
  html,
  junk,
  keepalive_race: keepaliveRace,
  late,
  pages,
  redirect,
  reflect,
  reset,
  stall,
  status,
  tcp_refuse: tcpRefuse,
  throttle,
  truncate,
};

/**
 * Turns a rule's `do` and `with` into what it does.
 *
 * @throws {SimulatorError} `not_built` for an action that does not exist here (TLS and name lookup), `invalid_input`
 *   for settings that make no sense.
 */
export function createEffect(action: string, given: Record<string, unknown> | undefined): FaultEffect {
  const create = Object.hasOwn(ACTIONS, action) ? ACTIONS[action as FaultAction] : undefined;
  if (create === undefined) {
    const known = Object.keys(ACTIONS).join(", ");
    throw new SimulatorError("not_built", `This simulator cannot do "${action}"; it can: ${known}.`);
  }
  const settings = readSettings(action, given);
  const effect = create(settings);
  settings.finish();
  return effect;
}
