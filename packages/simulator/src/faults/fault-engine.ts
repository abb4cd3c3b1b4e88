import type { Call, EndpointName, FlavourName, Subject } from "../endpoint.ts";
import { createRandom, type Random } from "../random.ts";
import { SimulatorError } from "../simulator-error.ts";
import { createEffect } from "./catalogue.ts";
import type { FaultEffect } from "./effect.ts";
import { checkRule } from "./parse-rule.ts";
import type { FaultRule, FaultRuleState } from "./rule.ts";

/** A rule that fires for a request. */
export type FiringRule = {
  readonly label: string;
  readonly effect: FaultEffect;
  readonly random: Random;
};

type FaultRequest = {
  at: EndpointName;
  flavour: FlavourName;
  call: Call;
  subject: Subject;
};

/** What happens to the listening sockets, or to one of them, while a rule at `tcp` is in force. */
export type Outages = {
  begin(fromMs: number, toMs: number | undefined, only: FlavourName | undefined): () => void;
};

export type FaultEngine = {
  /** True while there is no rule at all: the fast path asks nothing else. */
  readonly isIdle: boolean;
  /** @throws {SimulatorError} `invalid_input` or `not_built`. */
  add(rule: FaultRule): string;
  list(): FaultRuleState[];
  clear(id?: string): void;
  /** The first rule that fires for this request. */
  match(request: FaultRequest): FiringRule | undefined;
};

type Active = {
  rule: FaultRule & { id: string };
  label: string;
  effect: FaultEffect;
  addedRealMs: number;
  random: Random;
  seen: number;
  applied: number;
  endOutage: (() => void) | undefined;
};

export function createFaultEngine(realNow: () => number, random: Random, outages: Outages): FaultEngine {
  let rules: Active[] = [];
  let lastId = 0;

  function nextId(): string {
    let id = `f${++lastId}`;
    while (rules.some((one) => one.rule.id === id)) id = `f${++lastId}`;
    return id;
  }

  return {
    get isIdle() {
      return rules.length === 0;
    },
    add(given) {
      checkRule(given);
      const effect = createEffect(given.do, given.with);
      const id = given.id ?? nextId();
      if (rules.some((one) => one.rule.id === id)) {
        throw new SimulatorError("invalid_input", `There is a rule "${id}" already.`);
      }
      const rule = { ...structuredClone(given), id };
      const seed = rule.seed ?? Math.floor(random.fraction() * 0x1_0000_0000);
      rules.push({
        rule: rule.p === undefined ? rule : { ...rule, seed },
        label: `${id}:${rule.do}`,
        effect,
        addedRealMs: realNow(),
        random: createRandom(seed),
        seen: 0,
        applied: 0,
        endOutage:
          rule.at === "tcp" ? outages.begin(rule.from_ms ?? 0, rule.to_ms, rule.match?.flavour) : undefined,
      });
      return id;
    },
    list: () => rules.map(({ rule, seen, applied }) => ({ ...rule, seen, applied })),
    clear(id) {
      if (id !== undefined && !rules.some((one) => one.rule.id === id)) {
        throw new SimulatorError("invalid_input", `There is no rule "${id}".`);
      }
      const going = rules.filter((one) => id === undefined || one.rule.id === id);
      rules = rules.filter((one) => !going.includes(one));
      for (const one of going) one.endOutage?.();
    },
    match: (request) => rules.find((active) => fires(active, request, realNow())),
  };
}

function fires(active: Active, request: FaultRequest, realNow: number): boolean {
  const { rule } = active;
  if (rule.at !== "any" && rule.at !== request.at) return false;
  const sinceMs = realNow - active.addedRealMs;
  if (sinceMs < (rule.from_ms ?? 0) || sinceMs >= (rule.to_ms ?? Number.POSITIVE_INFINITY)) return false;
  if (!concerns(rule, request) || active.effect.appliesTo?.(request.call) === false) return false;
  active.seen++;
  if (rule.match?.nth !== undefined && rule.match.nth !== active.seen) return false;
  if (rule.cycle !== undefined) {
    const { bad, good } = rule.cycle;
    if ((active.seen - 1) % (bad + good) >= bad) return false;
  }
  if (rule.times !== undefined && active.applied >= rule.times) return false;
  if (rule.p !== undefined && active.random.fraction() >= rule.p) return false;
  active.applied++;
  return true;
}

function concerns({ match }: FaultRule, request: FaultRequest): boolean {
  if (match === undefined) return true;
  if (match.flavour !== undefined && match.flavour !== request.flavour) return false;
  if (match.user !== undefined && match.user !== request.subject.user?.key) return false;
  return match.code === undefined || match.code === request.subject.presentedCode;
}
