import {
  placeInJson,
  type SinkDelivering,
  type SinkOutcome,
  type SinkSettings,
} from "@perennial/connections";

import { fileInFolders } from "./allowed-file.ts";
import { setInEnvText } from "./env-text.ts";
import { setInJsonText, type JsonPlace } from "./json-text.ts";
import { linkedFile, replaceFile } from "./replace-file.ts";

const DONE: SinkOutcome = { httpStatus: null, errorCode: null };

/** Sets a key of a `.env` file. */
export async function writeToEnvFile(
  { path, key }: Extract<SinkSettings, { kind: "env_file" }>,
  delivering: SinkDelivering,
  folders: readonly string[],
): Promise<SinkOutcome> {
  const target = await targetOf(path, delivering, folders);
  const { access_token: token } = delivering.message;
  // Byte by byte, so that a file of any encoding stays what it was.
  await replaceFile(target, delivering.signal, (before) =>
    Buffer.from(setInEnvText(before.toString("latin1"), key, token), "latin1"),
  );
  return DONE;
}

/** Sets places in a JSON file. */
export async function writeToJsonFile(
  { path, token, expiresAt, accountId }: Extract<SinkSettings, { kind: "json_file" }>,
  delivering: SinkDelivering,
  folders: readonly string[],
): Promise<SinkOutcome> {
  const target = await targetOf(path, delivering, folders);
  const { message } = delivering;
  const wanted: [string | null, string][] = [
    [token, message.access_token],
    [expiresAt, message.expires_at],
    [accountId, message.account_id],
  ];
  const places: JsonPlace[] = wanted.flatMap(([place, value]) =>
    place === null ? [] : [{ at: placeInJson(place), value }],
  );
  await replaceFile(target, delivering.signal, (before) =>
    Buffer.from(setInJsonText(utf8(before), places), "utf8"),
  );
  return DONE;
}

/** For whoever runs this installation a link is followed; for the web there must be none. */
async function targetOf(
  path: string,
  { sink: { origin } }: SinkDelivering,
  folders: readonly string[],
): Promise<string> {
  return origin === "web" ? await fileInFolders(path, folders) : await linkedFile(path);
}

/** What is no UTF-8 would come back as something else. */
function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new RangeError("The file is not UTF-8.", { cause: error });
  }
}
