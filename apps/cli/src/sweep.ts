import type { SweepReport } from "@perennial/connections";
import type { Runtime } from "@perennial/runtime";
import type { Command } from "commander";

import { coloured } from "./colour.ts";
import { EXIT } from "./exit-codes.ts";
import { examples } from "./help-text.ts";
import { interruptible } from "./interruptible.ts";
import { marked, NEEDS, needAfter, type Need } from "./need.ts";
import { createProgress, writeJson, type Output, type Terminal } from "./output.ts";
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
        else output.out.write(sentence(result, stoppedBy !== null, output.out));
        finish(stoppedBy ?? exitCode(result));
      }, output);
    });
}

/** `forOperator`: of those that failed, what only whoever runs this site can end. */
type Swept = SweepReport & { alertsSent: number; forOperator: number };

async function sweepWithProgress({ connections, config, listen }: Runtime, { err }: Output) {
  const progress = createProgress(err);
  const done = { refreshed: 0, failed: 0 };
  let forOperator = 0;
  listen((heard) => {
    if (heard.event === "connection.refreshed") done.refreshed += 1;
    else if (heard.event === "connection.failing" || heard.event === "connection.reconnect_required") {
      done.failed += 1;
      if (heard.event === "connection.failing" && needAfter(heard.errorCode) === "operator") forOperator += 1; // probes, too
    } else return;
    progress.show(`${done.refreshed} refreshed, ${done.failed} not`);
  });
  try {
    return await interruptible<Swept>(
      async (signal) => {
        const { concurrency } = config.schedule;
        const report = await connections.sweep({ trigger: "cli", concurrency, signal });
        await connections.sinks.settle(); // there may be no server that does it
        return {
          ...report,
          forOperator: Math.min(forOperator, report.failed),
          alertsSent: await connections.deliverAlerts(signal),
        };
      },
      () => void err.write("\nStopping: what is in hand is finished first. Ctrl-C again ends at once.\n"),
    );
  } finally {
    progress.clear();
  }
}

function sentence(report: Swept, isInterrupted: boolean, out: Terminal): string {
  const { claimed, refreshed, failed, reconnect_required: reconnect, paused, warned, alertsSent } = report;
  const told = (need: Need, count: number, text: string): string =>
    count === 0 ? text : coloured(out, NEEDS[need].colour, marked(need, text));
  const ofOperator = report.forOperator;
  const failures = [
    told("retries", failed - ofOperator, `${failed - ofOperator} failed and tried again`),
    ...(ofOperator === 0 ? [] : [told("operator", ofOperator, `${ofOperator} failed and need the operator`)]),
    told("person", reconnect, `${reconnect} need a new sign-in`),
  ];
  const more = [
    ...(paused > 0 ? [`${paused} wait for their app`] : []),
    ...(warned > 0 ? [`${warned} warned`] : []),
    ...(alertsSent > 0 ? [`${alertsSent} alerts sent`] : []),
  ];
  const rest = more.length === 0 ? "" : ` (${more.join(", ")})`;
  const stopped = isInterrupted ? "Stopped early. " : "";
  return `${stopped}${claimed} due: ${refreshed} refreshed, ${failures.join(", ")}.${rest}\n`;
}

function exitCode({ reconnect_required: reconnect, failed, forOperator }: Swept): number {
  if (forOperator > 0) return EXIT.configuration;
  if (reconnect > 0) return EXIT.reconnectRequired;
  return failed > 0 ? EXIT.temporary : EXIT.fine;
}
