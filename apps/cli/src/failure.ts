import { ConnectionError, KeyRotationError } from "@perennial/connections";
import {
  BackupError,
  ConfigError,
  MoveError,
  SimulatorAwayError,
  StoreError,
  withoutSecrets,
} from "@perennial/runtime";
import { CommanderError } from "commander";
import { styleText } from "node:util";

import { EXIT, exitCodeOf, sentenceOf } from "./exit-codes.ts";
import type { Terminal } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** A failure as scripts get it. */
export type Failure = {
  code: string;
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
  const details = isUsage
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

/** Who is to act, at a glance: the first word of every failure. */
const ACTORS: Readonly<Record<number, { word: string; colour: "red" | "yellow" | "magenta" | "cyan" }>> = {
  [EXIT.usage]: { word: "Usage", colour: "cyan" },
  [EXIT.reconnectRequired]: { word: "Sign-in needed", colour: "magenta" },
  [EXIT.temporary]: { word: "Try again later", colour: "yellow" },
  [EXIT.configuration]: { word: "Operator", colour: "red" },
};
const UNEXPECTED = { word: "Unexpected", colour: "red" } as const;

/** A failure for a person at a terminal. */
export function failureLine(error: unknown, stream: Terminal): string {
  const { word, colour } = ACTORS[exitCodeOf(error)] ?? UNEXPECTED;
  return `${coloured(stream, colour, `${word}:`)} ${sentenceOf(error)}\n`;
}

/** Colours a text where the stream is a terminal that shows them: NO_COLOR and its like are asked by Node. */
export function coloured(stream: Terminal, colour: Parameters<typeof styleText>[0], text: string): string {
  return stream.hasColors?.() === true ? styleText(colour, text, { validateStream: false }) : text;
}
