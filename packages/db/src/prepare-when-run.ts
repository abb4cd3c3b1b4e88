/** What the slots of a statement are filled with, by their names. */
export type Values = Record<string, unknown>;

/** What is called on a statement that is prepared. */
export type Prepared<Method extends string> = Record<Method, (values?: Values) => unknown>;

/** A class of Drizzle's that builds statements. */
export type Builder<Method extends string> = {
  prototype: { prepare: (this: unknown, name: string) => Prepared<Method> };
};

let isAtOnce = false;

/**
 * Has `prepare()` put a statement together when it is first run, and keep it from then on. A store has 150 of them,
 * which were four fifths of what it took to open one; a command, a thread or a test runs a few. `compiled` may answer
 * with a quicker way to run what Drizzle has prepared.
 */
export function prepareWhenRun<Method extends string>(
  builders: readonly Builder<Method>[],
  methods: readonly Method[],
  compiled: (prepared: Prepared<Method>) => Prepared<Method> = (prepared) => prepared,
): void {
  for (const { prototype } of builders) {
    const prepareNow = prototype.prepare;
    prototype.prepare = function prepare(name): Prepared<Method> {
      if (isAtOnce) return prepareNow.call(this, name);
      let prepared: Prepared<Method> | undefined;
      const call = (method: Method) => (values?: Values) =>
        (prepared ??= compiled(prepareNow.call(this, name)))[method](values);
      return Object.fromEntries(methods.map((method) => [method, call(method)])) as Prepared<Method>;
    };
  }
}

/** Has all that is prepared meanwhile put together at once: for a look at every statement there is. */
export function preparedAtOnce<Result>(work: () => Result): Result {
  isAtOnce = true;
  try {
    return work();
  } finally {
    isAtOnce = false;
  }
}
