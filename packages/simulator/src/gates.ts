import type { EndpointName, FlavourName } from "./endpoint.ts";
import { SimulatorError } from "./simulator-error.ts";

/** Where a request is held: read but without effect yet, or after its effect but before its answer. */
export type GatePoint = "before_process" | "after_process";

/** Holds requests until they are released. */
export type Gate = {
  /** Made up when absent. */
  id?: string;
  at: EndpointName | "any";
  point: GatePoint;
  /** Only requests of this person. */
  user?: string;
  flavour?: FlavourName;
  /** How many requests it holds in all before it stops catching; unlimited when absent. */
  times?: number;
};

/** One request that a gate holds. */
export type GateWaiting = {
  /** For releasing this request alone. */
  id: string;
  gateId: string;
  at: EndpointName;
  point: GatePoint;
  user: string | null;
  /** The ledger's number of the request. */
  sequence: number;
  /** Whether the client has hung up meanwhile. A released request takes effect all the same. */
  isClientGone: boolean;
};

/** How a held request goes on: as if nothing had been, or with its connection reset. */
export type GateRelease = "normal" | "drop";

type GateRequest = { at: EndpointName; flavour: FlavourName; user: string | null; sequence: number };

export type Gates = {
  /** True while there is no gate: the fast path asks nothing else. */
  readonly isIdle: boolean;
  add(gate: Gate): string;
  list(): Gate[];
  waiting(): GateWaiting[];
  waitFor(gateId: string): Promise<GateWaiting>;
  release(id: string, options?: { reply?: GateRelease }): void;
  /** Holds the request if a gate wants it; resolves at once otherwise. */
  pass(point: GatePoint, request: GateRequest, isClientGone: () => boolean): Promise<GateRelease> | undefined;
  /** Drops whatever waits. */
  close(): void;
};

type Held = GateWaiting & { resume: (release: GateRelease) => void; hasHungUp: () => boolean };
type Post = Required<Pick<Gate, "id" | "times">> & Gate;

export function createGates(): Gates {
  const gates = new Map<string, Post>();
  const held = new Map<string, Held>();
  const watchers: {
    gateId: string;
    found: (waiting: GateWaiting) => void;
    failed: (error: Error) => void;
  }[] = [];
  let lastId = 0;

  const describe = ({ resume: _resume, hasHungUp, ...waiting }: Held): GateWaiting => ({
    ...waiting,
    isClientGone: hasHungUp(),
  });

  function letGo(one: Held, reply: GateRelease): void {
    held.delete(one.id);
    one.resume(reply);
  }

  function open(gateId: string, reply: GateRelease): void {
    gates.delete(gateId);
    for (const one of held.values()) if (one.gateId === gateId) letGo(one, reply);
    for (let index = watchers.length - 1; index >= 0; index--) {
      const watcher = watchers[index];
      if (watcher?.gateId !== gateId) continue;
      watchers.splice(index, 1);
      watcher.failed(new SimulatorError("unknown_gate", "The gate was opened before any request came."));
    }
  }

  return {
    get isIdle() {
      return gates.size === 0;
    },
    add(gate) {
      const id = gate.id ?? `gate-${++lastId}`;
      if (gates.has(id)) throw new SimulatorError("invalid_input", `There is a gate "${id}" already.`);
      gates.set(id, { ...gate, id, times: gate.times ?? Number.POSITIVE_INFINITY });
      return id;
    },
    list: () => [...gates.values()],
    waiting: () => [...held.values()].map(describe),
    async waitFor(gateId) {
      const first = [...held.values()].find((one) => one.gateId === gateId);
      if (first !== undefined) return describe(first);
      if (!gates.has(gateId)) throw new SimulatorError("unknown_gate", `There is no gate "${gateId}".`);
      return new Promise((found, failed) => watchers.push({ gateId, found, failed }));
    },
    release(id, { reply = "normal" } = {}) {
      const one = held.get(id);
      if (one !== undefined) letGo(one, reply);
      else if (gates.has(id)) open(id, reply);
      else throw new SimulatorError("unknown_gate", `Nothing waits under "${id}", and no gate has that id.`);
    },
    pass(point, request, hasHungUp) {
      const gate = [...gates.values()].find((one) => catches(one, point, request));
      if (gate === undefined) return undefined;
      gate.times--;
      return new Promise((resume) => {
        const { at, user, sequence } = request;
        const id = `${gate.id}/${sequence}`;
        const one: Held = {
          id,
          gateId: gate.id,
          at,
          point,
          user,
          sequence,
          isClientGone: false,
          resume,
          hasHungUp,
        };
        held.set(id, one);
        for (let index = watchers.length - 1; index >= 0; index--) {
          const watcher = watchers[index];
          if (watcher?.gateId !== gate.id) continue;
          watchers.splice(index, 1);
          watcher.found(describe(one));
        }
      });
    },
    close() {
      for (const gateId of gates.keys()) open(gateId, "drop");
    },
  };
}

function catches(gate: Post, point: GatePoint, request: GateRequest): boolean {
  return (
    gate.times > 0 &&
    gate.point === point &&
    (gate.at === "any" || gate.at === request.at) &&
    (gate.user === undefined || gate.user === request.user) &&
    (gate.flavour === undefined || gate.flavour === request.flavour)
  );
}
