/** One requirement: what has to hold, and why no test shows it where none does. */
export type Requirement = { id: string; isEssential: boolean; title: string; unproved?: string };

/** Rows that no test can show here, and why. */
const UNPROVED: Readonly<Record<string, string>> = {
  "BR-03":
    "Perennial ships no replication of its own: SQLite is copied by `perennial backup`, Postgres by its own means.",
  "SU-03":
    "Nothing is released yet that could be signed. The image runs as nobody in particular and names exact versions; whoever publishes one pins the digest (docs/security.md).",
};

/**
 * What Perennial promises about safety and endurance, by id. Tests carry the ids in their names; essential ones are
 * marked with a star. The table in docs/requirements.md is made of this and of those names.
 */
export const REQUIREMENTS: readonly Requirement[] = read(`
OA-01* state: random, single use, bound to the browser that began
OA-02  a begun sign-in ends after ten minutes
OA-03* a callback is used up once, however often it arrives at once
OA-04  a finished callback that comes again changes nothing
OA-05  each login has its own address and secret; mixing them is refused
OA-06* pages to return to are our own, never an address
OA-07  the redirect address comes from the settings, never from a request
OA-08  identity is login and provider id; names and mail link nobody
OA-09* provider ids keep their last digit
OA-10  linking needs the same live session at both ends
OA-11  a code is sent once and never tried again by itself
OA-12  refusals and odd parameters end calmly and change nothing
OA-13  granted scopes are read back, and missing ones shown
OA-14  the callback page keeps code and state out of history and referrers
OA-15  calls to the provider follow no redirect and need verified TLS
OA-16  Facebook's tokens are proved to be ours, and calls are signed
OA-17  a sign-in that fails half way stores nothing
OA-18  several tabs sign in at once
SE-01  session ids are random and stored hashed
SE-02  cookies are host-bound, secure, httpOnly and small
SE-03  a new session id at sign-in and linking; planted ones are dead
SE-04* signing out counts everywhere at once
SE-05  the server keeps idle and absolute limits
SE-06  deleting a person ends every session and key
SE-07  nothing but a session is taken for one
SE-08  sessions are listed and ended, by their person and by the operator
SE-09  broken cookie headers are no session and no error
RF-01* changes by cookie need proof of our own origin
RF-02  changes take exact JSON only
RF-03  nothing changes by GET or HEAD
RF-04  another site begins no sign-in
RF-05  bearer and cookie doors do not open each other
HD-01  nothing is opened to other origins
HD-02  a strict content security policy on every page
HD-03  HSTS, nosniff, referrer and opener policies on every answer
HD-04  tokens, keys and sessions are never stored by caches
HD-05  proxy headers count only from configured proxies
HD-06  requests at the same time share no trust
TS-01* tokens and secrets are sealed before they reach the database
TS-02* a sealed token opens in its own row only
TS-03  whole tags, and nonces that never repeat
TS-04  a start with bad keys, or the wrong ones, is refused
TS-05* keys rotate without a failed read
TS-06* sealing anew can be killed and goes on
TS-07  a key is dropped only when nothing needs it
TS-08  a row that does not open is flagged, kept, and harms no other
TS-09  files of secrets are their owner's alone
TS-10  a new token is committed before anything else, and the old one kept
AK-01  keys are random, shown once, stored hashed
AK-02  keys are compared in constant time, whatever their length
AK-03* a revoked key is dead in every process
AK-04* keys belong to the session's person, whatever a request says
AK-05  keys keep to their connections, actions, addresses and time
AK-06  a key counts in the Authorization header only
AK-07* hand-outs say how long they hold, and no dead token is given
AK-08  counters are exact under load
AK-09  another's connection looks like one that is missing
CE-01  the cron door opens for its secret only
CE-02* overlapping sweeps do no work twice
CE-03  a sweep is answered at once and survives its caller
CE-04  its answers hold counts only
CE-05  its secret is replaced without a failed call
MC-01* signatures are checked over what was received, in constant time
MC-02* malformed callbacks are a 4xx
MC-03  duplicates and disorder end alike, with one code
MC-04* a callback older than the authorization touches nothing
MC-05  ids are matched within their login
MC-06  unknown people are answered alike
MC-07  the deletion answer leads to a page that tells nothing personal
MC-08* deletion leaves nothing, and no refresh brings it back
MC-09  callbacks are kept before they are answered
MC-10  a storm of callbacks starves no sign-in
SP-01* no token ever reaches the browser
SP-02  the browser stores no secret
SP-03  provider texts are inert
SP-04  signing out leaves nothing to see, in any tab
SP-05  a session that ends asks once, without a loop
SP-06  offline, 503 and 429 are told apart and tried again slowly
SC-01* the bundle holds no secret and no server code
SC-02* logs hold no secret
SC-03  addresses are logged without their query
SC-04  provider texts are never echoed
SC-05  no stack traces, whatever NODE_ENV says
SC-06  log lines are one line each, whatever is in them
SC-07  the command line takes and prints no secret unasked
SC-08  no dumps, debuggers or secrets in what anybody may read
IN-01* every input has a schema
IN-02  headers, bodies, depth and counts are limited
IN-03  batches are capped, and each call counts
IN-04  prototype keys, doubles, wrong encodings and NUL do no harm
IN-05  slow clients are cut off
IN-06  SQL by bound values only
IN-07  regular expressions take time in proportion
RL-01  limits hold over all processes
RL-02  429 says when to come again
RL-03  addresses are canonical; IPv6 counts by /64
RL-04  spelling an address differently gets round nothing
RL-05  no address, or no store of limits, is never unlimited
RL-06  nobody locks another out
DB-01* token commits reach the disk
DB-02  writes begin immediate and never wait on the network
DB-03  a full or read-only disk is a 503 that heals
DB-04  the write-ahead log stays bounded
DB-05  a damaged file is noticed at start
DB-06  network file systems are refused
DB-07  Postgres by a pooler in transaction mode
DB-08  a database that restarts loses nothing acknowledged
DB-09  both engines behave alike
WK-01* due work comes from the database; downtime is caught up
WK-02* one refresh per token, however many workers
WK-03* a killed worker is relieved fast
WK-04* a late worker cannot write
WK-05* a lost reply ends in a working token or a flag
WK-06* one bad connection delays no other
WK-07* refreshes start early, not too early, and spread
WK-08  the same string with a later end is a success
WK-09  forced refreshes at once become one call
WK-10  a sign-in or an erasure during a refresh wins
WK-11  a worker without its lease stops before it calls
UP-01  calls end in time, and answers are bounded
UP-02* answers are sorted into retry, wait, reconnect and operator
UP-03  back-off with full jitter in one layer
UP-04* throttles stop the right scope until the stated time
UP-05  the circuit opens and closes by itself
UP-06* a day's outage loses nothing and ends without a stampede
UP-07  odd expires_in have safe meanings
UP-08  a verdict that was wrong heals
UP-09  the provider's absence stops nothing of ours
CK-01* expiry counts from when the request was sent
CK-02  clock jumps do no harm
CK-03  leases go by the database's clock
CK-04  no calendar moves the schedule
BP-01* overload answers quickly
BP-02  refreshes starve no sign-in
BP-03  the event loop is never held long
GS-01* SIGTERM drains and ends with 0
GS-02  a stuck drain is ended
GS-03  an uncaught error ends the process, and it is started again
GS-04  runs as the first process of a container
BR-01* backups are whole while others write
BR-02* a restore works with the key, and not without
BR-03  replication loses at most a stated second
BR-04  restored tokens are proved; the erased stay erased
MG-01* starts at once migrate once
MG-02  a killed migration goes on or rolls back
MG-03  two versions run side by side
MG-04  an old version refuses a newer database
OB-01* each connection's state is shown and counted rightly
OB-02* warnings come in time, and nothing expires unseen
OB-03  security events are kept, and cannot be changed
OB-04  one id from the request to the commit
OB-05  readiness tells what a process can do
OB-06  a worker that stopped is noticed
SU-01  locked installs, with named build scripts only
SU-02  a week's delay, exact versions, a bill of materials
SU-03  signed releases, images pinned by digest
SU-04  production holds no tools, tests or simulator
TE-01  test switches are refused in production
TE-02  every seed is printed
`);

function read(text: string): Requirement[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const id = line.slice(0, 5);
      const isEssential = line[5] === "*";
      const title = line.slice(7).trim();
      const unproved = UNPROVED[id];
      return { id, isEssential, title, ...(unproved === undefined ? {} : { unproved }) };
    });
}
