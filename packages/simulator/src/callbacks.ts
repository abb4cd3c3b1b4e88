import {
  CALLBACK_VARIANTS,
  writeCallback,
  type CallbackMessage,
  type CallbackSender,
  type CallbackVariant,
} from "./callback-variants.ts";
import type { FlavourName } from "./endpoint.ts";
import { isLoopbackHost } from "./http/loopback.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { World } from "./world.ts";

/** Where Meta's server-to-server calls go, as the app's dashboard would hold it. */
export type CallbackUrls = {
  /** Called when a person removed the app. */
  deauthorizeUrl?: string;
  /** Called when a person asked for their data to be deleted. */
  dataDeletionUrl?: string;
};

/** One order to send callbacks. */
export type SendOrder = {
  kind: "deauth" | "delete";
  /** Key of the person it is about, at Instagram or at Facebook. */
  user: string;
  /** Which of the two sends it, and signs with its app's secret. Default `ig`. */
  flavour?: FlavourName;
  /** How it departs from what Meta sends. Default `valid`. */
  variant?: CallbackVariant;
  /** How long ago it was issued, in virtual seconds; below 0 in the future. Default: as the variant says. */
  age_s?: number;
  /** How many times the same callback is sent. Default 1; of `reordered`, 2. */
  count?: number;
  /** How many of them at a time. Default 1. */
  parallel?: number;
};

/** What the app answered to one callback; status null when it could not be reached. */
export type CallbackAnswer = { status: number | null; body: string };

const MOST_SENT = 100_000;
const PATIENCE_MS = 10_000;
const KEPT_BODY = 2000;

/**
 * Sends signed requests about a person to the app.
 *
 * @throws {SimulatorError} `callback_not_configured` without an address to send to, `not_built` for a variant that
 *   does not exist, `unknown_user`, `invalid_input`.
 * @see https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
 */
export async function sendCallbacks(
  world: World,
  urls: CallbackUrls,
  order: SendOrder,
): Promise<CallbackAnswer[]> {
  checkOrder(order);
  const url = targetOf(urls, order.kind);
  const { variant = "valid", flavour = "ig", age_s: ageS, parallel = 1 } = order;
  const sender: CallbackSender =
    flavour === "ig"
      ? { user: world.people.get(order.user), app: world.instagramApp }
      : { user: world.facebook.people.get(order.user), app: world.facebook.app };
  const isReordered = variant === "reordered";
  const { count = isReordered ? 2 : 1 } = order;
  const first = writeCallback(world, sender, { variant, ageS });
  const messageAt = (index: number): CallbackMessage =>
    isReordered ? writeCallback(world, sender, { variant, ageS: (ageS ?? 0) + index }) : first;
  const answers: CallbackAnswer[] = [];
  for (let sent = 0; sent < count; sent += parallel) {
    const size = Math.min(parallel, count - sent);
    const batch = Array.from({ length: size }, (_, index) => post(url, messageAt(sent + index)));
    answers.push(...(await Promise.all(batch)));
  }
  return answers;
}

function checkOrder(order: SendOrder): void {
  const { kind, variant, flavour, age_s: ageS, count = 1, parallel = 1 } = order;
  if (!["deauth", "delete"].includes(kind)) {
    throw new SimulatorError("invalid_input", 'A callback\'s "kind" is "deauth" or "delete".');
  }
  if (variant !== undefined && !CALLBACK_VARIANTS.includes(variant)) {
    const known = CALLBACK_VARIANTS.join(", ");
    throw new SimulatorError("not_built", `There is no callback "${variant}"; there are: ${known}.`);
  }
  if (ageS !== undefined && !Number.isSafeInteger(ageS)) {
    throw new SimulatorError("invalid_input", '"age_s" is a whole number of seconds.');
  }
  if (flavour !== undefined && !["ig", "fb"].includes(flavour)) {
    throw new SimulatorError("invalid_input", 'A callback\'s "flavour" is "ig" or "fb".');
  }
  for (const amount of [count, parallel]) {
    if (!Number.isInteger(amount) || amount < 1 || amount > MOST_SENT) {
      throw new SimulatorError(
        "invalid_input",
        `"count" and "parallel" are whole numbers from 1 to ${MOST_SENT}.`,
      );
    }
  }
}

function targetOf(urls: CallbackUrls, kind: SendOrder["kind"]): URL {
  const given = kind === "deauth" ? urls.deauthorizeUrl : urls.dataDeletionUrl;
  if (given === undefined) {
    throw new SimulatorError("callback_not_configured", `No address is set for "${kind}" callbacks.`);
  }
  const url = URL.parse(given);
  if (url === null || !["http:", "https:"].includes(url.protocol) || !isLoopbackHost(url.hostname)) {
    throw new SimulatorError("invalid_input", "Callbacks go to http addresses of this machine only.");
  }
  return url;
}

async function post(url: URL, { contentType, body }: CallbackMessage): Promise<CallbackAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": contentType },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: (await response.text()).slice(0, KEPT_BODY) };
  } catch (error) {
    // an app that is down or slow is an outcome to report, as it is for Meta
    return { status: null, body: error instanceof Error ? error.message : String(error) };
  }
}
