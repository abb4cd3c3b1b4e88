import { Readable, Writable } from "node:stream";

import { buildProgram } from "../program.ts";

/** What a command came to. */
export type Ran = { code: number; out: string; err: string };

/** Where a command is run: a test world, or as much of one as it needs. */
export type Place = { environment: Record<string, string> };

/** Runs a command in this process, with an environment and a standard input of its own. */
export async function runCommand(
  place: Place,
  args: readonly string[],
  input = "",
  { hasColours = false }: { hasColours?: boolean } = {},
): Promise<Ran> {
  const { LOG_LEVEL: _quiet, ...environment } = place.environment;
  const written = { out: "", err: "" };
  const into = (name: keyof typeof written): Writable => {
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written[name] += chunk.toString();
        done();
      },
    });
    return hasColours ? Object.assign(stream, { hasColors: () => true }) : stream;
  };
  const output = {
    out: into("out"),
    err: into("err"),
    input: Readable.from([Buffer.from(input)]),
    environment,
  };
  const code = await buildProgram(output).run([...args]);
  return { code, ...written };
}

/** The same with what was printed as JSON. */
export type RanJson<T> = { code: number; json: T; err: string };

/** Runs a command with `--json` and reads what it printed. */
export async function runJson<T>(place: Place, args: readonly string[], input = ""): Promise<RanJson<T>> {
  const { code, out, err } = await runCommand(place, [...args, "--json"], input);
  return { code, json: JSON.parse(out) as T, err };
}
