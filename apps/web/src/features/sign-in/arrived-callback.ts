import type { Flavour } from "../../lib/trpc.ts";

/** What Instagram sent the browser back with. Lives in memory only, until it has been handed to the api. */
export type ArrivedCallback = {
  flavour: Flavour;
  /** The query as it arrived, without its question mark. */
  query: string;
  /** The public half of the state, by which a reload finds this sign-in again. */
  attemptId: string | null;
};

/** Where a page stands, as far as a callback is concerned. */
export type Place = { pathname: string; search: string };

/** What is left of a callback address once its code and state are gone. */
export type TakenCallback = { arrived: ArrivedCallback | null; cleanAddress: string | null };

const CALLBACK_PATH = /^\/auth\/(instagram|facebook)\/callback\/?$/;
const ATTEMPT_ID = /^[A-Za-z0-9_-]{16}$/;

/**
 * Takes code and state out of the address of a callback page. Whatever else the address carries is dropped,
 * the fragment included; only the attempt's public id stays, so that a reload can ask how it went.
 */
export function takeCallback({ pathname, search }: Place): TakenCallback {
  const flavour = flavourOf(pathname);
  if (flavour === null) return { arrived: null, cleanAddress: null };

  const query = search.replace(/^\?/, "");
  const parameters = new URLSearchParams(query);
  const resumed = parameters.get("attempt");
  const isReload = [...parameters.keys()].every((name) => name === "attempt");
  const attemptId = validAttemptId(isReload ? resumed : publicIdIn(parameters.get("state")));

  return {
    arrived: isReload ? null : { flavour, query, attemptId },
    cleanAddress: `${pathname}${attemptId === null ? "" : `?attempt=${attemptId}`}`,
  };
}

/** Whether this belongs to a sign-in that was begun at a terminal: no browser can finish it, so none asks to. */
export function isForTerminal({ query }: Pick<ArrivedCallback, "query">): boolean {
  return isOfTerminal(new URLSearchParams(query).get("state"));
}

function isOfTerminal(state: string | null): boolean {
  return state?.endsWith(".terminal") === true;
}

/** A terminal's sign-in has none here: a reload has nothing to ask about. */
function publicIdIn(state: string | null): string | null {
  return isOfTerminal(state) ? null : (state?.split(".")[0] ?? null);
}

/** The address that was arrived at, to be brought back to the terminal. */
export function addressForTerminal(
  origin: string,
  { flavour, query }: Pick<ArrivedCallback, "flavour" | "query">,
): string {
  return `${origin}/auth/${flavour}/callback?${query}`;
}

/** The flavour a callback address belongs to; null for any other address. */
export function flavourOf(pathname: string): Flavour | null {
  const [, flavour] = CALLBACK_PATH.exec(pathname) ?? [];
  return flavour === "instagram" || flavour === "facebook" ? flavour : null;
}

/** An attempt id when the text is one. */
export function validAttemptId(text: string | null | undefined): string | null {
  return typeof text === "string" && ATTEMPT_ID.test(text) ? text : null;
}
