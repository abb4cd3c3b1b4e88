import { AsyncLocalStorage } from "node:async_hooks";

const underWay = new AsyncLocalStorage<string>();

/**
 * Does what a request asks for under the request's id: calls to Instagram and Facebook, log lines and what is committed
 * carry it, so that each leads to the others.
 */
export function underRequest<T>(requestId: string, work: () => T): T {
  return underWay.run(requestId, work);
}

/** The id of the request that is being answered; null where no request asked for the work under way. */
export function requestUnderWay(): string | null {
  return underWay.getStore() ?? null;
}
