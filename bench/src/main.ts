import { fleet } from "./fleet.ts";
import { handOut } from "./handout.ts";
import type { Benchmark } from "./lib/benchmark.ts";
import { callbacks } from "./callbacks.ts";
import { backup } from "./backup.ts";
import { due } from "./due.ts";
import { kills } from "./kills.ts";
import { isUsageError } from "./lib/options.ts";
import { move } from "./move.ts";
import { outage } from "./outage.ts";
import { rotate } from "./rotate.ts";
import { scale } from "./scale.ts";
import { signIn } from "./signin.ts";
import { sweep } from "./sweep.ts";

const BENCHMARKS: readonly Benchmark[] = [
  signIn,
  due,
  sweep,
  scale,
  handOut,
  fleet,
  kills,
  outage,
  move,
  rotate,
  backup,
  callbacks,
];

const [name, ...args] = process.argv.slice(2);
const benchmark = BENCHMARKS.find((each) => each.name === name);
if (benchmark !== undefined) {
  await run(benchmark, args);
} else {
  printList();
  if (name !== undefined && name !== "--help") {
    console.error(`\nThere is no benchmark named "${name}".`);
    process.exitCode = 2;
  }
}

function printList(): void {
  console.log("pnpm bench <name> [options]\n");
  for (const { name: each, summary, options } of BENCHMARKS) {
    console.log(`${each}: ${summary}`);
    for (const option of options) console.log(`  ${option}`);
  }
}

/** Exit codes: 0 every figure is as it has to be, 1 one is not or the run failed, 2 wrong usage, 130 stopped. */
async function run(chosen: Benchmark, options: string[]): Promise<void> {
  const stack = new AsyncDisposableStack();
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    void stack.disposeAsync().finally(() => process.exit(130));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    if (!(await chosen.run(options, stack))) process.exitCode = 1;
  } catch (error) {
    if (isStopped) return; // its processes were ended under it
    console.error(isUsageError(error) ? error.message : error);
    process.exitCode = isUsageError(error) ? 2 : 1;
  } finally {
    await stack.disposeAsync();
  }
}
