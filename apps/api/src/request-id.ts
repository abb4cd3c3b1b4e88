import { randomUUID } from "node:crypto";

/** What a caller may call its request: nothing that a log or a header could misread. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

/** The id of a request: the caller's own where it is sane, a new one otherwise. */
export function requestIdOf(sent: string | undefined): string {
  return sent !== undefined && SANE.test(sent) ? sent : randomUUID();
}
