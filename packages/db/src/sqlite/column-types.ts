import { integer } from "./drizzle.ts";

/** The ways of signing in, as columns hold them. */
export const FLAVOURS = ["instagram", "facebook"] as const;

/** An instant, as whole milliseconds since 1970. */
export const instant = (name: string) => integer(name, { mode: "timestamp_ms" });
