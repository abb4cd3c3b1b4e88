import type { ConnectionView } from "@perennial/connections";
import type { Command } from "commander";

import { EXIT } from "./exit-codes.ts";
import type { Output } from "./program.ts";
import { table } from "./table.ts";
import { withRuntime } from "./with-runtime.ts";

const PAGE = 500;

/** `perennial status`: every connection and how it is doing. */
export function statusCommand(program: Command, output: Output, finish: (code: number) => void): void {
  program
    .command("status")
    .description("show every connection, with time left and next refresh")
    .addHelpText("after", "\nExamples:\n  perennial status\n  perennial status --json")
    .action(async (_options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      await withRuntime(async ({ connections }) => {
        const now = connections.now();
        const views: ConnectionView[] = [];
        for (let after: string | null = null; ;) {
          const page = await connections.page({ after, limit: PAGE });
          views.push(...page);
          after = page.at(-1)?.id ?? null;
          if (page.length < PAGE) break;
        }
        output.out.write(json === true ? `${JSON.stringify(views, null, 2)}\n` : describe(views, now));
        finish(views.some(needsPerson) ? EXIT.reconnectRequired : EXIT.fine);
      });
    });
}

function needsPerson(view: ConnectionView): boolean {
  return view.state === "reconnect_required" || view.state === "expired";
}

function describe(views: ConnectionView[], now: Date): string {
  if (views.length === 0) return "No connections yet. Sign in on the web app to add one.\n";
  const rows = views.map((view) => [
    view.id,
    `@${view.username}`,
    view.state.replaceAll("_", " "),
    view.life === null ? "–" : daysBetween(now, view.life.expiresAt),
    view.life?.nextRefreshAt === null || view.life === null ? "–" : daysBetween(now, view.life.nextRefreshAt),
    view.problem?.message ?? "",
  ]);
  return table(["CONNECTION", "ACCOUNT", "STATE", "TIME LEFT", "NEXT REFRESH", "PROBLEM"], rows);
}

function daysBetween(from: Date, to: Date): string {
  const hours = Math.round((to.getTime() - from.getTime()) / 3_600_000);
  if (hours < 0) return "past";
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
