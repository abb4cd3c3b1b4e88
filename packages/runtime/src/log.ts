import { pino, type DestinationStream, type Logger } from "pino";

/** A log that writes one line of JSON per event to standard output. */
export type Log = Logger;

/** Letters of a message that are logged, and that are looked through for it: secrets shorten it. */
const MOST_LOGGED = 4_000;
const MOST_READ = 4 * MOST_LOGGED;

/**
 * Text that is safe to log: no query of an address, no token, code or secret that found its way into a
 * message. Nothing should need it; it is the net under the trapeze.
 */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, MOST_READ) // an address without an end is read again from each of its parts
    .replace(/(https?:\/\/[^\s?#"']+)[?#][^\s"']*/g, "$1?[removed]")
    .replace(/(postgres(?:ql)?:\/\/)[^\s"'/@]*@/gi, "$1[removed]@")
    .replace(/\b(?:SIMTOK_|SIMCODE_|SIMSEC_|IG[A-Z]{2}|EAA)[A-Za-z0-9_.-]{12,}/g, "[removed]")
    .replace(/\b(access_token|client_secret|code|state|authorization|cookie)=[^\s&"']+/gi, "$1=[removed]")
    .slice(0, MOST_LOGGED);
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  return {
    type: error.name,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    message: withoutSecrets(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/**
 * Standard output. The lines of one turn are one write, which blocks while it lasts; what is left when the
 * process ends is written then. It goes on when nobody reads any more: a process whose parent was killed must
 * end by itself, not wait for its log to be taken.
 */
function standardOutput(): DestinationStream {
  if (process.stdout.listenerCount("error") === 0) {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EAGAIN" && error.code !== "ECONNRESET") throw error;
    });
  }
  let lines = "";
  const flush = (): void => {
    if (lines !== "") process.stdout.write(lines);
    lines = "";
  };
  process.once("exit", flush);
  return {
    write: (line) => {
      if (lines === "") setImmediate(flush);
      lines += line;
    },
  };
}

/** Opens the log of one process. */
export function openLog(options: { name: string; level: string; destination?: DestinationStream }): Log {
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { name: options.name },
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: [
          "token",
          "accessToken",
          "access_token",
          "code",
          "state",
          "secret",
          "cookie",
          "databaseUrl",
          "authorization",
          "sealedToken",
          "*.token",
          "*.accessToken",
          "*.access_token",
          "*.secret",
          "*.cookie",
          "*.authorization",
          "*.sealedToken",
        ],
        censor: "[removed]",
      },
    },
    options.destination ?? standardOutput(),
  );
}
