import type { Simulator } from "../simulator.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { ControlRoute } from "./control.ts";

/** What really happened. */
export function truthRoutes(simulator: Simulator): [string, ControlRoute][] {
  return [
    [
      "GET /__sim/ledger",
      ({ query }) =>
        simulator.ledger(
          wholeNumber(query, "after", 0),
          wholeNumber(query, "limit", Number.MAX_SAFE_INTEGER),
        ),
    ],
    [
      "DELETE /__sim/ledger",
      () => {
        simulator.resetLedger();
        return simulator.rate();
      },
    ],
    ["GET /__sim/lineages", () => simulator.lineages()],
    ["GET /__sim/concurrency", () => simulator.concurrency()],
    ["GET /__sim/rate", () => simulator.rate()],
  ];
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (text === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new SimulatorError("invalid_input", `"${name}" has to be a whole number.`);
  }
  return value;
}
