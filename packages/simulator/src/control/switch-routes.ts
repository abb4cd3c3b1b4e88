import type { SendOrder } from "../callbacks.ts";
import { ENDPOINT_NAMES } from "../endpoint.ts";
import type { FaultRule } from "../faults/rule.ts";
import type { Gate } from "../gates.ts";
import { clockSettings } from "../scenario.ts";
import type { Simulator } from "../simulator.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { ControlRoute } from "./control.ts";
import { numberOf, oneOf, onlyKnown, textOf, textsOf } from "./input.ts";

/** Rules, gates, policy, clock, and what an app or a person would do themselves. */
export function switchRoutes(simulator: Simulator): [string, ControlRoute][] {
  const { faults, gates, policy, clock } = simulator;
  return [
    ["GET /__sim/faults", () => faults.list()],
    ["POST /__sim/faults", ({ body }) => ({ id: addRule(simulator, body) })],
    [
      "DELETE /__sim/faults",
      ({ query }) => {
        faults.clear(query.get("id") ?? undefined);
        return faults.list();
      },
    ],
    ["GET /__sim/gate", () => gates.list()],
    ["POST /__sim/gate", ({ body }) => ({ id: addGate(simulator, body) })],
    ["GET /__sim/gate/waiting", () => gates.waiting()],
    [
      "POST /__sim/gate/release",
      ({ body }) => {
        onlyKnown(body, "id", "reply");
        gates.release(textOf(body, "id"), { reply: oneOf(body, "reply", ["normal", "drop"]) ?? "normal" });
        return gates.waiting();
      },
    ],
    ["GET /__sim/policy", () => policy.get()],
    [
      "POST /__sim/policy",
      ({ body }) => {
        policy.set(body);
        return policy.get();
      },
    ],
    [
      "POST /__sim/clock",
      ({ body }) => {
        moveClock(simulator, body);
        const { nowMs, offsetMs, rate } = clock.state();
        return { now_ms: nowMs, offset_ms: offsetMs, rate };
      },
    ],
    ["POST /__sim/send", ({ body }) => sendAll(simulator, body)],
    ["POST /__sim/token", ({ body }) => issueToken(simulator, body)],
    ["POST /__sim/authorize", ({ body }) => playPerson(simulator, body)],
  ];
}

/** Over HTTP an outage of Instagram's without an end could never be ended: the way to end it is down as well. */
function addRule({ faults }: Simulator, body: Record<string, unknown>): string {
  const rule = body as FaultRule;
  if (rule.at === "tcp" && rule.to_ms === undefined && rule.match?.flavour !== "fb") {
    throw new SimulatorError(
      "invalid_input",
      'A rule at "tcp" needs "to_ms": the control paths go down with the rest.',
    );
  }
  return faults.add(rule);
}

function addGate({ gates }: Simulator, body: Record<string, unknown>): string {
  onlyKnown(body, "id", "at", "point", "user", "flavour", "times");
  const at = oneOf(body, "at", [...ENDPOINT_NAMES, "any"] as const);
  const point = oneOf(body, "point", ["before_process", "after_process"]);
  if (at === undefined || point === undefined) {
    throw new SimulatorError("invalid_input", 'A gate needs "at" and "point".');
  }
  const gate: Gate = { at, point };
  if (body["id"] !== undefined) gate.id = textOf(body, "id");
  if (body["user"] !== undefined) gate.user = textOf(body, "user");
  const flavour = oneOf(body, "flavour", ["ig", "fb"]);
  if (flavour !== undefined) gate.flavour = flavour;
  const times = numberOf(body, "times");
  if (times !== undefined) gate.times = times;
  return gates.add(gate);
}

function moveClock({ clock }: Simulator, body: Record<string, unknown>): void {
  onlyKnown(body, "offset_ms", "rate", "advance_ms");
  const [offset, rate, advance] = ["offset_ms", "rate", "advance_ms"].map((name) => numberOf(body, name));
  clock.set(
    clockSettings({
      ...(offset === undefined ? {} : { offset_ms: offset }),
      ...(rate === undefined ? {} : { rate }),
    }),
  );
  if (advance !== undefined) clock.advance({ ms: advance });
}

async function sendAll(simulator: Simulator, body: Record<string, unknown>): Promise<unknown> {
  onlyKnown(body, "kind", "flavour", "user", "variant", "age_s", "count", "parallel");
  const answers = await simulator.send(body as SendOrder);
  return { sent: answers.length, answers };
}

function issueToken(simulator: Simulator, body: Record<string, unknown>): unknown {
  onlyKnown(body, "user", "permissions", "app");
  const permissions = body["permissions"] === undefined ? undefined : textsOf(body, "permissions");
  const app = oneOf(body, "app", ["own", "foreign"]);
  return simulator.issueLongLivedToken(textOf(body, "user"), {
    ...(permissions === undefined ? {} : { permissions }),
    ...(app === undefined ? {} : { app }),
  });
}

async function playPerson(simulator: Simulator, body: Record<string, unknown>): Promise<unknown> {
  onlyKnown(body, "authorization_url", "user", "decision", "untick", "pages");
  const redirect = await simulator.authorize({
    authorizationUrl: textOf(body, "authorization_url"),
    user: textOf(body, "user"),
    decision: oneOf(body, "decision", ["allow", "refuse"]) ?? "allow",
    untick: body["untick"] === undefined ? [] : textsOf(body, "untick"),
    ...(body["pages"] === undefined ? {} : { pages: textsOf(body, "pages") }),
  });
  return { redirect };
}
