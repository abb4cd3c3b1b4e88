/** What a database is filled with. */
export type Filling = {
  /** Connections in all: 5 in 100 wait for a reconnect, 2 in 100 were left, the rest is kept alive. */
  stored: number;
  /** Of which so many are due at `FILLED_AT`, and have been for up to six hours. */
  due: number;
  /** Rows of history of each. */
  historyRows: number;
  /** Moves who is due when. */
  seed: number;
};

/** The instant the filled databases are of. */
export const FILLED_AT = new Date("2026-03-01T12:00:00.000Z");

/** Tokens live for 60 days and are renewed 30 to 33 days before their end: so long is a round of renewals. */
export const ROUND_DAYS = 28.5;

const DAY_MS = 86_400_000;

/** How one engine spells what both are filled with. */
export type Dialect = {
  /** Rows `number(n)` from one number to another, both included. */
  numbers: (from: number, to: number) => string;
  /** An instant, given as an expression for milliseconds since 1970. */
  instant: (ms: string) => string;
  /** So many hexadecimal digits that do not compress. */
  noise: (digits: number) => string;
  /** A whole number as eight digits. */
  padded: (number: string) => string;
  no: string;
};

/**
 * Statements that fill a migrated database with connections as they are after years: people came one after
 * the other, and who is due today is scattered among them. One number of the row decides everything, so that
 * both engines hold the same. Foreign keys have to be off meanwhile.
 */
export function fillingStatements(dialect: Dialect, filling: Filling, from: number, to: number): string[] {
  const { instant, noise, padded, numbers, no } = dialect;
  const { stored, due, historyRows, seed } = filling;
  const now = FILLED_AT.getTime();
  const lifeMs = 60 * DAY_MS;
  const roundMs = ROUND_DAYS * DAY_MS;
  const dueEach = Math.floor(stored / due);
  // The golden ratio spreads any number of rows evenly; the two are far enough apart to look independent.
  const spread = (factor: number): string =>
    `(CAST((n + ${seed}) * ${factor} % 4294967296 AS double precision) / 4294967296)`;
  const [u, v] = [spread(2654435761), spread(1640531527)];
  const isDue = `(n % ${dueEach} = 0 AND n / ${dueEach} <= ${due})`;
  const status = `CASE WHEN ${isDue} THEN 'active' WHEN n % 20 = 7 THEN 'reconnect_required'
    WHEN n % 50 = 13 THEN 'disconnected' ELSE 'active' END`;
  const nextMs = `(CASE WHEN ${isDue} THEN ${now} - ${u} * ${DAY_MS / 4}
    ELSE ${now} + 1 + ${u} * ${roundMs} END)`;
  const expiresMs = `(next_ms + ${30 * DAY_MS} + ${v} * ${3 * DAY_MS})`;
  const createdMs = `(${now} - (${stored} - n) * ${(720 * DAY_MS) / stored})`;
  // What follows an id depends on the number alone: users, connections and history name each other.
  const tail = `substr(${padded("n * 7919 % 99999989")} || ${padded("n * 104729 % 99999989")}, 1, 14)`;
  const user = `'usr_' || ${padded("n")} || ${tail}`;
  const connection = `'con_' || ${padded("n")} || ${tail}`;
  const rows = `(SELECT n, ${nextMs} AS next_ms, ${status} AS status_text FROM (${numbers(from, to)}) AS number) AS r`;

  const statements = [
    `INSERT INTO users (id, created_at) SELECT ${user}, ${instant(createdMs)} FROM ${rows}`,
    `INSERT INTO identities (flavour, provider_user_id, app_scoped_id, user_id, created_at, updated_at)
     SELECT 'instagram', '178414' || ${padded("n")} || '001', '65' || ${padded("n")} || '0001', ${user},
       ${instant(createdMs)}, ${instant(createdMs)} FROM ${rows}`,
    `INSERT INTO connections (id, user_id, account_id, app_scoped_id, flavour, app_id, status, status_reason,
       username, name, account_type, picture_url, followers_count, follows_count, media_count, sealed_token,
       token_issued_at, token_expires_at, is_expiry_estimated, permissions, next_refresh_at, renewed_at,
       failed_attempts, version, created_at, updated_at)
     SELECT ${connection}, ${user}, '178414' || ${padded("n")} || '001', '65' || ${padded("n")} || '0001',
       'instagram', '990602627938098', status_text, CASE status_text WHEN 'reconnect_required' THEN 'token_invalid' END,
       'person.' || n, 'Person ' || n, 'BUSINESS',
       'https://scontent.cdninstagram.test/v/t51.2885-19/' || n || '_' || ${noise(96)} || '.jpg',
       n % 100000, n % 5000, n % 900,
       CASE WHEN status_text <> 'disconnected' THEN 'v1.k1.' || ${noise(288)} END,
       ${instant(`${expiresMs} - ${lifeMs}`)}, ${instant(expiresMs)}, ${no},
       '["instagram_business_basic","instagram_business_content_publish"]',
       CASE WHEN status_text = 'active' THEN ${instant("next_ms")} END, ${instant(`${expiresMs} - ${lifeMs}`)},
       0, 1, ${instant(createdMs)}, ${instant(`${expiresMs} - ${lifeMs}`)} FROM ${rows}`,
  ];
  for (let index = 0; index < historyRows; index += 1) {
    const startedMs = `(${now} - ${(historyRows - index) * roundMs} + ${u} * ${roundMs})`;
    statements.push(
      `INSERT INTO refresh_attempts (id, connection_id, kind, "trigger", started_at, finished_at, outcome, token_expires_at)
       SELECT 'att_' || ${padded(`n + ${index * 1_000_003}`)} || '${index % 10}' || ${noise(13)}, ${connection}, 'refresh', 'worker',
         ${instant(startedMs)}, ${instant(`${startedMs} + 250`)}, 'succeeded', ${instant(`${startedMs} + ${lifeMs}`)} FROM ${rows}`,
    );
  }
  return statements;
}
