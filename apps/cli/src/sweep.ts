import type { Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import type { Output } from "./program.ts";
import { withRuntime } from "./with-runtime.ts";

/** `perennial sweep`: everything that is due, once. */
export function sweepCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("sweep")
    .description("refresh everything that is due, once; safe while workers run")
    .addHelpText("after", "\nExamples:\n  perennial sweep\n  perennial sweep --json")
    .action(async (_options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections, config }) => {
        const { concurrency } = config.schedule;
        const summary = await connections.sweep({
          trigger: "cli",
          concurrency,
          signal: new AbortController().signal,
        });
        await connections.sinks.settle(); // there may be no server that does it
        const sentence = `${summary.claimed} due: ${summary.refreshed} refreshed, ${summary.failed} failed, ${summary.reconnect_required} need a new sign-in.`;
        output.out.write(json === true ? `${JSON.stringify(summary)}\n` : `${sentence}\n`);
        if (summary.reconnect_required > 0) finish(EXIT.reconnectRequired);
        else finish(summary.failed > 0 ? EXIT.temporary : EXIT.fine);
      });
    });
}
