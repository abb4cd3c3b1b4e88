import type { SweepReport } from "@perennial/connections";
import type { Runtime } from "@perennial/runtime";
import type { Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { interruptible } from "./interruptible.ts";
import { createProgress, writeJson, type Output } from "./output.ts";
import { withRuntime } from "./with-runtime.ts";

const EXPLANATION = `Also sends the alerts that wait. Ctrl-C claims nothing more and finishes what is in hand; the exit code is then 130.
Without a worker, run it from a scheduler at least as often as REFRESH_CRON says.`;

/** `perennial sweep`: everything that is due, once. */
export function sweepCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("sweep")
    .description("refresh everything that is due, once; safe while workers run")
    .addHelpText("after", examples(["perennial sweep", "perennial sweep --json"], EXPLANATION))
    .action(async (_options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async (runtime) => {
        const { result, stoppedBy } = await sweepWithProgress(runtime, output);
        if (json === true) writeJson(output, { ...result, isInterrupted: stoppedBy !== null });
        else output.out.write(sentence(result, stoppedBy !== null));
        finish(stoppedBy ?? exitCode(result));
      }, output);
    });
}

type Swept = SweepReport & { alertsSent: number };

async function sweepWithProgress({ connections, config, listen }: Runtime, { err }: Output) {
  const progress = createProgress(err);
  const done = { refreshed: 0, failed: 0 };
  listen(({ event }) => {
    if (event === "connection.refreshed") done.refreshed += 1;
    else if (event === "connection.failing" || event === "connection.reconnect_required") done.failed += 1;
    else return;
    progress.show(`${done.refreshed} refreshed, ${done.failed} not`);
  });
  try {
    return await interruptible<Swept>(
      async (signal) => {
        const { concurrency } = config.schedule;
        const report = await connections.sweep({ trigger: "cli", concurrency, signal });
        await connections.sinks.settle(); // there may be no server that does it
        return { ...report, alertsSent: await connections.deliverAlerts(signal) };
      },
      () => void err.write("\nStopping: what is in hand is finished first. Ctrl-C again ends at once.\n"),
    );
  } finally {
    progress.clear();
  }
}

function sentence(report: Swept, isInterrupted: boolean): string {
  const { claimed, refreshed, failed, reconnect_required: reconnect, paused, warned, alertsSent } = report;
  const more = [
    ...(paused > 0 ? [`${paused} wait for their app`] : []),
    ...(warned > 0 ? [`${warned} warned`] : []),
    ...(alertsSent > 0 ? [`${alertsSent} alerts sent`] : []),
  ];
  const rest = more.length === 0 ? "" : ` (${more.join(", ")})`;
  const stopped = isInterrupted ? "Stopped early. " : "";
  return `${stopped}${claimed} due: ${refreshed} refreshed, ${failed} failed, ${reconnect} need a new sign-in.${rest}\n`;
}

function exitCode({ reconnect_required: reconnect, failed }: Swept): number {
  if (reconnect > 0) return EXIT.reconnectRequired;
  return failed > 0 ? EXIT.temporary : EXIT.fine;
}
