import type { Activity } from "../../lib/trpc.ts";

const LOGINS: Readonly<Record<string, string>> = { instagram: "Instagram", facebook: "Facebook" };

type Detail = Activity["detail"];

/** What each kind of event says, by what is particular about it. */
const WORDS: Readonly<Record<string, (detail: Detail) => string>> = {
  "session.opened": ({ login }) => `Signed in${withLogin(login)}`,
  "session.ended": ({ from }) => (from === "list" ? "A session was ended" : "Signed out"),
  "session.all_ended": ({ isOneKept, sessions }) =>
    `${isOneKept === true ? "All other sessions" : "All sessions"} were ended (${String(sessions)})`,
  "connection.created": ({ login }) => `An account was connected${withLogin(login)}`,
  "connection.authorized": () => "Accounts were connected at a terminal",
  "connection.disconnected": () => "An account was disconnected",
  "reconnect_link.used": () => "A reconnect link was opened",
  "token.imported": () => "A token was brought",
  "key.created": () => "An API key was made",
  "key.revoked": () => "An API key was revoked",
  "key.used": () => "An API key was used",
  "sink.saved": ({ isNew }) =>
    isNew === true ? "A place that reads a token was added" : "A place that reads a token was changed",
  "sink.removed": () => "A place that reads a token was removed",
  "account.exported": () => "Your data was downloaded",
  "account.erased": () => "An account was erased with its data",
};

const WHO: Readonly<Record<Activity["by"], string | null>> = {
  you: null,
  key: "a program of yours",
  operator: "whoever runs this site",
  meta: "Meta, on your behalf",
  visitor: "somebody who was not signed in",
  perennial: "Perennial itself",
};

/** What was done, in words. What this version does not know is named as it was written down. */
export function activityWords({ kind, detail }: Pick<Activity, "kind" | "detail">): string {
  return Object.hasOwn(WORDS, kind) ? (WORDS[kind]?.(detail) ?? kind) : kind.replaceAll(/[._]/g, " ");
}

/** Who did it, where it was not the person: "by whoever runs this site". */
export function actorWords({ by }: Pick<Activity, "by">): string | null {
  const who = WHO[by];
  return who === null ? null : `by ${who}`;
}

function withLogin(login: Detail[string] | undefined): string {
  const name = typeof login === "string" ? LOGINS[login] : undefined;
  return name === undefined ? "" : ` with ${name}`;
}
