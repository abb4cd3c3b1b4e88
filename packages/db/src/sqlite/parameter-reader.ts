import { is, noopEncoder, Param, Placeholder } from "../drizzle.ts";
import type { Values } from "../prepare-when-run.ts";

type Encode = (value: unknown) => unknown;

/** A parameter whose value is given at each run. `encode` is null where the value is bound as it is. */
type Named = { index: number; name: string; encode: Encode | null };

/**
 * Makes what fills in the parameters of a statement.
 *
 * @param parameters What Drizzle has for each: a placeholder, a `Param` with one in it, or the value itself.
 */
export function parameterReader(parameters: readonly unknown[]): (values?: Values) => unknown[] {
  const constants: unknown[] = [];
  const named: Named[] = [];
  for (const [index, parameter] of parameters.entries()) {
    const given = namedOf(parameter);
    constants.push(given === null ? parameter : null);
    if (given !== null) named.push({ index, ...given });
  }

  return (values = {}) => {
    const bound = constants.slice();
    for (const { index, name, encode } of named) {
      const value = values[name];
      if (value === undefined && !(name in values))
        throw new Error(`No value for placeholder "${name}" was provided`);
      bound[index] = encode === null ? value : encode(value);
    }
    return bound;
  };
}

function namedOf(parameter: unknown): Omit<Named, "index"> | null {
  if (is(parameter, Placeholder)) return { name: parameter.name, encode: null };
  if (!is(parameter, Param) || !is(parameter.value, Placeholder)) return null;
  const { encoder, value } = parameter;
  const encode = encoder === noopEncoder ? null : (given: unknown) => encoder.mapToDriverValue(given);
  return { name: value.name, encode };
}
