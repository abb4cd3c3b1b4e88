import type { SinkRecord } from "@perennial/db";
import { z } from "zod";

import type { ConnectionsDeps } from "../deps.ts";
import { ConnectionError } from "../errors.ts";
import { TokenSealError } from "../token-seal.ts";
import { sinkSettings } from "./settings.ts";
import type { OpenedSink } from "./sink-writer.ts";

/** What is sealed of a sink. Who made it is part of it, so that nobody can lift a restriction in the database. */
const sealed = z.strictObject({
  origin: z.enum(["web", "operator"]),
  settings: sinkSettings,
  secret: z.string().nullable(),
});

/** Seals a sink's settings for its row. */
export function sealSink({ seal }: Pick<ConnectionsDeps, "seal">, sinkId: string, sink: OpenedSink): string {
  return seal.seal(JSON.stringify(sink), { sinkId });
}

/** Opens a sink's settings. @throws {ConnectionError} `sink_unreadable` */
export function openSink(
  { seal }: Pick<ConnectionsDeps, "seal">,
  { id, sealedSettings }: Pick<SinkRecord, "id" | "sealedSettings">,
): OpenedSink {
  let text: string;
  try {
    text = seal.open(sealedSettings, { sinkId: id });
  } catch (error) {
    if (error instanceof TokenSealError) throw new ConnectionError("sink_unreadable", { cause: error });
    throw error;
  }
  const parsed = sealed.safeParse(JSON.parse(text));
  if (!parsed.success) throw new ConnectionError("sink_unreadable"); // the cause would quote the settings
  return parsed.data;
}
