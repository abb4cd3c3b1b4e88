import { AsyncLocalStorage } from "node:async_hooks";

/** On whose behalf something is done, and where that was asked. */
export type Acting = {
  /** The id of a user, or one of the names below. */
  actor: string;
  requestId: string | null;
  /** The network, never the whole address; see `coarseNetworkOf`. */
  clientNetwork: string | null;
};

/** Whoever runs this site: at a terminal, or with a secret of its own. */
export const OPERATOR = "operator";
/** Somebody who is not signed in. */
export const VISITOR = "visitor";
/** Meta, which tells of people. */
export const META = "meta";
/** What a process does by itself. */
const SYSTEM = "system";

const acting = new AsyncLocalStorage<Acting>();

/** Has everything that the work does written down as theirs. */
export function actingAs<T>(who: Acting, work: () => T): T {
  return acting.run(who, work);
}

/** On whose behalf this is done. */
export function whoActs(): Acting {
  return acting.getStore() ?? { actor: SYSTEM, requestId: null, clientNetwork: null };
}
