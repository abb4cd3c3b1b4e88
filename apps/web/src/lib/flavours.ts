import type { Flavour } from "./trpc.ts";

/** Who a login belongs to: the one that asks, refuses and does not answer. */
export const COMPANIES: Record<Flavour, string> = { instagram: "Instagram", facebook: "Facebook" };

/** The other way to reach the same account. */
export function otherFlavour(flavour: Flavour): Flavour {
  return flavour === "instagram" ? "facebook" : "instagram";
}
