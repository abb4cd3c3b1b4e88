/** What is written down, and what each tells of: for operators, who ask for it by these names. */
export const AUDIT_KINDS = {
  "session.opened": "somebody signed in; the subject is the session",
  "session.ended": "somebody signed out, or ended one of their sessions",
  "session.all_ended": "all sessions of somebody were ended, or all but one",
  "connection.created": "an account was connected for the first time",
  "connection.authorized": "accounts were connected at a terminal",
  "connection.disconnected": "an account was disconnected",
  "reconnect_link.used": "a sign-in was begun with a link from a message; once an hour for a connection",
  "token.imported": "a token was brought by hand",
  "key.created": "an API key was made",
  "key.revoked": "an API key was revoked",
  "key.used": "an API key was used; once an hour for a key",
  "sink.saved": "a place where a token is read was set up, or set up anew",
  "sink.removed": "such a place was removed",
  "account.exported": "a person took everything along that is kept about them",
  "account.erased": "a person was erased, or one account of theirs",
  "callback.accepted": "Meta told that somebody removed the app, or wants their data deleted",
  "callback.worked": "what Meta told was worked off, and what came of it",
  "sweep.requested": "a sweep was asked for over HTTP; once an hour for a network",
  "operator.refused": "a wrong secret where operators come in; once an hour for a network",
  "sealing_key.added": "a new key for sealing tokens was made",
  "sealing_key.promoted": "another key was put first",
  "sealing_key.rewrapped": "what older keys held was sealed with the first one",
  "sealing_key.retired": "a key that nothing needed was retired",
  "database.backed_up": "everything was written into a file",
  "database.restored": "a backup was restored into this database",
  "database.move_begun": "a move of everything into another database was begun",
  "database.move_abandoned": "such a move was given up: this database takes writes again",
  "database.moved": "everything was moved into this database",
} as const satisfies Record<string, string>;

/** What is written down. */
export type AuditKind = keyof typeof AUDIT_KINDS;
