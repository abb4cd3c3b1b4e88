import {
  ConnectionError,
  type SinkDelivering,
  type SinkKindView,
  type SinkOrigin,
  type SinkOutcome,
  type SinkSettings,
  type SinkWriter,
} from "@perennial/connections";
import path from "node:path";

import { pathInFolders } from "./allowed-file.ts";
import { writeToCommand } from "./command.ts";
import { writeToEnvFile, writeToJsonFile } from "./files.ts";
import { bareHost, leadsToPrivate, type Resolve } from "./public-address.ts";
import { createReach } from "./reach.ts";
import { writeToRedis } from "./redis.ts";
import { SinkFault } from "./sink-fault.ts";
import type { SinkLimits } from "./sink-limits.ts";
import { writeToUpstash } from "./upstash.ts";
import { announceToWebhook, writeToWebhook } from "./webhook.ts";

/**
 * Puts tokens where they are read, within what people on the web may do. What they may is looked at when a sink is set
 * up, and again each time it is delivered to: names lead elsewhere, links are made, and limits are changed.
 */
export function createSinkWriter(limits: SinkLimits, resolve?: Resolve): SinkWriter & AsyncDisposable {
  const reach = createReach(limits, resolve);

  const write = async (delivering: SinkDelivering): Promise<SinkOutcome> => {
    const { settings } = delivering.sink;
    switch (settings.kind) {
      case "env_file":
        return await writeToEnvFile(settings, delivering, limits.folders);
      case "json_file":
        return await writeToJsonFile(settings, delivering, limits.folders);
      case "redis":
        return await writeToRedis(settings, delivering, reach);
      case "upstash":
        return await writeToUpstash(settings, delivering, reach);
      case "command":
        return await writeToCommand(settings, delivering);
      case "webhook":
        return await writeToWebhook(settings, delivering, reach);
    }
  };

  const settled = async (signal: AbortSignal, work: () => Promise<SinkOutcome>): Promise<SinkOutcome> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SinkFault) return { httpStatus: null, errorCode: error.code };
      if (signal.aborted) return { httpStatus: null, errorCode: "sink_timed_out" };
      throw error;
    }
  };

  return {
    write: (delivering) => settled(delivering.signal, () => write(delivering)),
    announce: (announcement) =>
      settled(announcement.signal, async () => {
        const { settings } = announcement.sink;
        if (settings.kind !== "webhook") throw new SinkFault("sink_invalid");
        return await announceToWebhook(settings, announcement, reach);
      }),
    admit: (settings, origin) =>
      origin === "operator" ? admitOfOperator(settings) : admitOfWeb(settings, limits, resolve),
    kinds: (origin) => kindsFor(origin, limits),
    [Symbol.asyncDispose]: reach.close,
  };
}

/** Whoever runs commands here can do all this anyway; only a path must not depend on where they stand. */
async function admitOfOperator(settings: SinkSettings): Promise<SinkSettings> {
  if (settings.kind !== "env_file" && settings.kind !== "json_file") return settings;
  if (path.isAbsolute(settings.path)) return { ...settings, path: path.normalize(settings.path) };
  throw new ConnectionError("sink_invalid", { detail: "The path of the file is not whole." });
}

async function admitOfWeb(
  settings: SinkSettings,
  limits: SinkLimits,
  resolve?: Resolve,
): Promise<SinkSettings> {
  const refused = (detail: string) => new ConnectionError("sink_not_allowed", { detail });
  switch (settings.kind) {
    case "command":
      throw refused(NO_COMMANDS);
    case "env_file":
    case "json_file":
      return { ...settings, path: pathInFolders(settings.path, limits.folders) };
    case "redis":
    case "upstash":
    case "webhook": {
      const url = new URL(settings.url);
      if (limits.needsTls && url.protocol !== "https:" && url.protocol !== "rediss:")
        throw refused("The address has to begin with https:// or rediss://.");
      if (!limits.mayReachPrivate && (await leadsToPrivate(bareHost(url), resolve)))
        throw new ConnectionError("sink_address_not_allowed");
      return settings;
    }
  }
}

const NO_COMMANDS = "Programs are set up from the command line alone.";
const NO_FOLDERS = "No folder is open to the web here (SINK_FOLDERS).";

function kindsFor(origin: SinkOrigin, { folders }: SinkLimits): SinkKindView[] {
  const isWeb = origin === "web";
  const ofFiles = isWeb && folders.length === 0 ? NO_FOLDERS : null;
  return [
    { kind: "webhook", refusal: null },
    { kind: "redis", refusal: null },
    { kind: "upstash", refusal: null },
    { kind: "env_file", refusal: ofFiles },
    { kind: "json_file", refusal: ofFiles },
    { kind: "command", refusal: isWeb ? NO_COMMANDS : null },
  ];
}
