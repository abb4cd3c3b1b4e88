import { loadEnvironment } from "@perennial/runtime";
import path from "node:path";

import type { Output } from "./output.ts";
import { readInput } from "./read-input.ts";

const LARGEST_SECRET_BYTES = 4_000;

/** What `perennial sinks add` is told. */
export type SinkOptions = {
  name?: string;
  path?: string;
  key?: string;
  token?: string;
  expiresAt?: string;
  accountId?: string;
  field?: string;
  url?: string;
  format: string;
  program?: string;
  arg?: string[];
};

/** The settings that were meant; whether they are any good is for others to say. */
export async function settingsOf(
  kind: string,
  options: SinkOptions,
  output: Output,
): Promise<Record<string, unknown>> {
  const { key, url, format } = options;
  const file = options.path === undefined ? undefined : path.resolve(options.path);
  switch (kind) {
    case "env-file":
      return { kind: "env_file", path: file, key };
    case "json-file": {
      const { token, expiresAt = null, accountId = null } = options;
      return { kind: "json_file", path: file, token, expiresAt, accountId };
    }
    case "redis":
      return {
        kind,
        url: await secret("SINK_REDIS_URL", "the address", output),
        key,
        field: options.field ?? null,
        format,
      };
    case "upstash":
      return { kind, url, key, format, token: await secret("SINK_UPSTASH_TOKEN", "the REST token", output) };
    case "command":
      return { kind, program: options.program, args: options.arg ?? [] };
    default:
      return { kind, url };
  }
}

/** Arguments can be read by everybody on the machine. */
async function secret(variable: string, what: string, output: Output): Promise<string> {
  const given = loadEnvironment()[variable];
  if (given !== undefined) return given;
  const prompt = `Paste ${what}, then press Enter and Ctrl-D.`;
  return (await readInput(output, { prompt, largestBytes: LARGEST_SECRET_BYTES })).trim();
}
