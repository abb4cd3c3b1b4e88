import type { Config } from "@perennial/runtime";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

/** Who asks, and by which name they reached this process. */
export type Asker = { userId: string | null; hostname: string };

/**
 * Whether somebody may see how the installation is: who is named in OPERATORS, and in development everybody at the
 * machine itself, for before the first sign-in a developer has nobody to be.
 *
 * At the machine itself means that nothing of it is reached from elsewhere: address and listening host are loopback,
 * and so is the name that was asked for. A tunnel has another name, and so has a page of another site whose name was
 * made to lead here.
 */
export function mayOperate(
  { isProduction, operators, appUrl, host }: Pick<Config, "isProduction" | "operators" | "appUrl" | "host">,
  { userId, hostname }: Asker,
): boolean {
  if (userId !== null && operators.includes(userId)) return true;
  return !isProduction && [new URL(appUrl).hostname, host, hostname].every((name) => LOOPBACK.has(name));
}
