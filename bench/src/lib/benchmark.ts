/** One benchmark: `pnpm bench <name> [options]`. */
export type Benchmark = {
  name: string;
  /** One line for the list. */
  summary: string;
  /** Its options, one line each. */
  options: readonly string[];
  /**
   * Measures and prints. What it starts goes onto the stack, which is disposed of however the run ends.
   *
   * @returns false when a figure is not what it has to be.
   * @throws when something failed: then there is no figure.
   * @throws {UsageError} when it cannot do what it was asked.
   */
  run(args: string[], stack: AsyncDisposableStack): Promise<boolean>;
};
