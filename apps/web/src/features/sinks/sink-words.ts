import {
  Braces,
  CircleCheck,
  CircleX,
  CloudAlert,
  Clock,
  Database,
  FileText,
  Send,
  Terminal,
  Webhook,
  type LucideIcon,
} from "lucide-react";

import type { Sink, SinkKind, SinkReceipt } from "../../lib/trpc.ts";

/** Where a connection's page says who reads its token. */
export const READERS_ID = "who-reads-this-token";

/** A kind of place, in words. */
export const KINDS: Record<SinkKind["kind"], { name: string; meaning: string; icon: LucideIcon }> = {
  webhook: { name: "Webhook", meaning: "Posted to an address of yours, signed.", icon: Webhook },
  redis: { name: "Redis", meaning: "Written to a key, which ends with the token.", icon: Database },
  upstash: { name: "Upstash", meaning: "The same, over Upstash’s REST interface.", icon: Database },
  env_file: { name: ".env file", meaning: "One line of it; the others stay as they are.", icon: FileText },
  json_file: { name: "JSON file", meaning: "One place in it; the rest stays as it is.", icon: Braces },
  command: {
    name: "Program",
    meaning: "Handed to a program on the server, on its standard input.",
    icon: Terminal,
  },
};

/** How a place is doing, as a word, a sign and a colour: never the colour alone. */
export type SinkLook = { word: string; icon: LucideIcon; className: string };

/** How a place is doing. */
export function sinkLook({
  state,
  isCurrent,
  nextDeliveryAt,
}: Pick<Sink, "state" | "isCurrent" | "nextDeliveryAt">): SinkLook {
  switch (state) {
    case "delivered":
      return isCurrent
        ? { word: "Has the present token", icon: CircleCheck, className: "text-evergreen" }
        : { word: "Has an older token", icon: Clock, className: "text-amber" };
    case "waiting":
      return { word: "On its way", icon: Send, className: "text-slate" };
    case "failing":
      return nextDeliveryAt === null
        ? { word: "Stopped", icon: CircleX, className: "text-clay" }
        : { word: "Not delivered", icon: CloudAlert, className: "text-amber" };
  }
}

/** What came of an attempt. */
export function receiptWords({ problem, httpStatus }: Pick<SinkReceipt, "problem" | "httpStatus">): string {
  const status = httpStatus === null ? "" : ` (HTTP ${httpStatus})`;
  return problem === null ? `Delivered${status}` : `Not delivered${status}`;
}

/** The first attempts come within seconds, later ones within the hour. */
const SOON_MS = 10_000;
const SOON_POLL_MS = 1_000;
/** What becomes of a place changes no connection, so nobody tells. */
const POLL_MS = 30_000;

/** How long until the places are read again by themselves. */
export function sinksPollMs(sinks: readonly Pick<Sink, "nextDeliveryAt">[], now: number): number {
  const isSoon = sinks.some(
    ({ nextDeliveryAt }) => nextDeliveryAt !== null && Date.parse(nextDeliveryAt) < now + SOON_MS,
  );
  return isSoon ? SOON_POLL_MS : POLL_MS;
}

/** What is written for a place that only the command line sets up. */
export function commandLine(connectionId: string): string {
  return `npx pnpm@12 perennial sinks add ${connectionId} command --program /path/to/program`;
}
