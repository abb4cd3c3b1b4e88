import type { SinkMessage } from "@perennial/connections";

/** What is written where one value is kept. */
export function valueOf(format: "json" | "token", message: SinkMessage): string {
  return format === "token" ? message.access_token : JSON.stringify(message);
}
