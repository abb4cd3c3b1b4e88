import { z } from "zod";

import { commandSettings, commandTarget } from "./kinds/command.ts";
import { envFileSettings, envFileTarget } from "./kinds/env-file.ts";
import { jsonFileSettings, jsonFileTarget } from "./kinds/json-file.ts";
import { redisSettings, redisTarget } from "./kinds/redis.ts";
import { plainText } from "./kinds/texts.ts";
import { upstashSettings, upstashTarget } from "./kinds/upstash.ts";
import { webhookSettings, webhookTarget } from "./kinds/webhook.ts";

/** What a sink of each kind is told. Secrets are in here: never log it, and show {@link targetOf} instead. */
export const sinkSettings = z.discriminatedUnion("kind", [
  envFileSettings,
  jsonFileSettings,
  redisSettings,
  upstashSettings,
  commandSettings,
  webhookSettings,
]);

/** The settings of a sink. */
export type SinkSettings = z.infer<typeof sinkSettings>;

/** What a person calls a sink. */
export const sinkName = plainText(80);

/** Where a sink is, as it may be shown. */
export function targetOf(settings: SinkSettings): string {
  switch (settings.kind) {
    case "env_file":
      return envFileTarget(settings);
    case "json_file":
      return jsonFileTarget(settings);
    case "redis":
      return redisTarget(settings);
    case "upstash":
      return upstashTarget(settings);
    case "command":
      return commandTarget(settings);
    case "webhook":
      return webhookTarget(settings);
  }
}
