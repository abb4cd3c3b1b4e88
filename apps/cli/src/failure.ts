import {
  ConnectionError,
  KeyRotationError,
  type CommandFaultCode,
  type ConnectionErrorCode,
} from "@perennial/connections";
import {
  BackupError,
  ConfigError,
  MoveError,
  SimulatorAwayError,
  StoreError,
  withoutSecrets,
} from "@perennial/runtime";
import { CommanderError } from "commander";

import { coloured, type Colour } from "./colour.ts";
import { EXIT, exitCodeOf, sentenceOf } from "./exit-codes.ts";
import { NEEDS } from "./need.ts";
import type { Terminal } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** A failure as scripts get it. */
export type Failure = {
  /** One that the catalogue of errors knows. */
  code: CommandFaultCode | ConnectionErrorCode;
  message: string;
  /** What to do about it; null where the message says it. */
  cure: string | null;
  /** Whether the same command may work later without anybody's help. */
  retryable: boolean;
  exitCode: number;
};

/** Describes whatever a command ended with. */
export function failureOf(error: unknown): Failure {
  const isUsage = error instanceof CommanderError;
  const exitCode = isUsage ? EXIT.usage : exitCodeOf(error);
  const details: ReturnType<typeof detailsOf> = isUsage
    ? { code: "usage", message: error.message.replace(/^error: /, ""), cure: "See --help." }
    : detailsOf(error);
  return { ...details, retryable: exitCode === EXIT.temporary, exitCode };
}

function detailsOf(error: unknown): Pick<Failure, "code" | "message" | "cure"> {
  const message = error instanceof Error ? withoutSecrets(error.message) : sentenceOf(error);
  if (error instanceof ConnectionError || error instanceof UsageError)
    return { code: error.code, message, cure: error.cure };
  if (error instanceof ConfigError) return { code: "configuration", message, cure: null };
  if (error instanceof StoreError) return { code: `database_${error.code}`, message, cure: null };
  if (error instanceof MoveError) return { code: `move_${error.code}`, message, cure: null };
  if (error instanceof BackupError) return { code: `backup_${error.code}`, message, cure: null };
  if (error instanceof KeyRotationError) return { code: error.code, message, cure: null };
  if (error instanceof SimulatorAwayError) return { code: "simulator_away", message, cure: null };
  return { code: "unexpected", message, cure: null };
}

type Mark = { symbol: string; word: string; colour: Colour };

/** Who is to act, at a glance: how every failure begins. */
const MARKS: Readonly<Record<number, Mark>> = {
  [EXIT.usage]: { symbol: "?", word: "Usage", colour: "cyan" },
  [EXIT.reconnectRequired]: { ...NEEDS.person, word: "Sign-in needed" },
  [EXIT.temporary]: { ...NEEDS.retries, word: "Try again later" },
  [EXIT.configuration]: { ...NEEDS.operator, word: "Operator" },
};
const UNEXPECTED: Mark = { symbol: "!", word: "Unexpected", colour: "red" };

/** How a failure is told from the others, by the exit code it ends with. */
export function markOf(exitCode: number): Mark {
  return MARKS[exitCode] ?? UNEXPECTED;
}

/** A sentence about something that did not work, after the mark of its exit code. */
export function failureSentence(stream: Terminal, exitCode: number, sentence: string): string {
  const { symbol, word, colour } = markOf(exitCode);
  return `${coloured(stream, colour, `${symbol} ${word}:`)} ${sentence}`;
}

/** A failure for a person at a terminal. */
export function failureLine(error: unknown, stream: Terminal): string {
  return `${failureSentence(stream, exitCodeOf(error), sentenceOf(error))}\n`;
}
