import { EXPLANATIONS, failureClassOf, isErrorCode } from "@perennial/connections";
import type { Store } from "@perennial/db";

import { checksOf, type Check } from "./check.ts";
import { instantWords } from "./instant-words.ts";

const { green, amber, red } = checksOf("connections");

/** Connections that need somebody, and apps that are left alone because everything of theirs fails. */
export async function checkConnections(
  store: Pick<Store, "fleetStats" | "listOpenBreakers">,
  now: Date,
): Promise<Check[]> {
  const [{ active, failing, expired, reconnectRequired }, breakers] = await Promise.all([
    store.fleetStats(now),
    store.listOpenBreakers(),
  ]);
  const paused = breakers.map(({ flavour, appId, errorCode, nextProbeAt }) => {
    const code = isErrorCode(errorCode) ? errorCode : "unknown";
    const level = failureClassOf(code) === "operator" ? red : amber;
    const message = `Everything of the ${flavour} app ${appId} fails alike (${code}); the next look is at ${instantWords(nextProbeAt)}.`;
    return level(`paused_${flavour}_${appId}`, message, EXPLANATIONS[code].cure);
  });
  const lost = reconnectRequired + expired;
  const waiting =
    failing === 0
      ? []
      : [
          amber(
            "failing",
            `${counted(failing)} could not be renewed lately; it is tried again.`,
            "See `perennial status --state failing`.",
          ),
        ];
  const ended =
    lost === 0
      ? []
      : [
          amber(
            "reconnect",
            `${counted(lost)} can only be helped by a new sign-in.`,
            "See `perennial status --state reconnect_required` and `--state expired`.",
          ),
        ];
  const found = [...paused, ...ended, ...waiting];
  return found.length > 0 ? found : [green("well", `${counted(active)}, and nobody has to do anything.`)];
}

function counted(count: number): string {
  return count === 1 ? "1 connection" : `${new Intl.NumberFormat("en").format(count)} connections`;
}
