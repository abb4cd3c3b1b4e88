import type { Transport } from "@perennial/instagram";

import { checksOf, type Check } from "./check.ts";

const { green, amber, red, unchecked } = checksOf("clock");

/** A little is no harm; from so much on it is worth a look, and from so much on nothing is swept. */
const AMBER_FROM_MS = 2 * 60_000;
const RED_FROM_MS = 10 * 60_000;

/** How far our clock is off, as the answers showed that came through. */
export type ClockReadings = {
  transport: Transport;
  /** Above 0 where our clock is ahead; null when no answer came. */
  skewMs(): number | null;
};

/** Compares our clock with the date of every answer that comes through. */
export function readClocks(transport: Transport, now: () => Date = () => new Date()): ClockReadings {
  let found: number | null = null;
  return {
    transport: async (request) => {
      const sentMs = now().getTime();
      const response = await transport(request);
      const serverMs = Date.parse(response.headers["date"] ?? "");
      // Somewhere between the two of ours; a date has whole seconds.
      if (!Number.isNaN(serverMs)) found = (sentMs + now().getTime()) / 2 - (serverMs + 500);
      return response;
    },
    skewMs: () => found,
  };
}

/** Whether this machine's clock can say what is due. */
export function checkClock(skewMs: number | null, isSimulated: boolean): Check[] {
  if (isSimulated) return [green("skew", "Tokens age by the simulator's clock.")];
  if (skewMs === null)
    return [
      unchecked(
        "skew",
        "No answer came to compare this machine's clock with.",
        "Try again when Meta can be reached.",
      ),
    ];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) < AMBER_FROM_MS)
    return [green("skew", `This machine's clock is right, within ${Math.max(1, seconds)} s.`)];
  const message = `This machine's clock is ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} Meta's.`;
  const cure = "Set it right and keep it so, with NTP.";
  return [
    Math.abs(skewMs) < RED_FROM_MS
      ? amber("skew", message, cure)
      : red("skew", `${message} Nothing is swept until it is right.`, cure),
  ];
}
