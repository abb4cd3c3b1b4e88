import { redirectUriOf } from "@perennial/connections";
import { TransportError, type Transport, type TransportResponse } from "@perennial/instagram";

import type { Config } from "../config.ts";
import { checksOf, type Check } from "./check.ts";
import { callbackAddressesOf } from "./dashboard-steps.ts";
import { isOfThisMachine } from "./own-address.ts";

const { green, amber, red, unchecked } = checksOf("callbacks");

const TO_THE_API =
  "Have whatever stands before Perennial pass every address of APP_URL on to it, /meta/* as well.";

type Input = Pick<Config, "appUrl" | "instagram" | "facebook" | "simulator">;

/**
 * Whether what Meta and people are sent to answers: the site, the pages that sign-ins come back to, and the callbacks,
 * which are sent a request that nobody signed and have to refuse it. From here, that is: Meta may see it otherwise.
 */
export async function checkCallbacks(config: Input, transport: Transport): Promise<Check[]> {
  const { appUrl, simulator } = config;
  if (simulator === null && isOfThisMachine(appUrl)) {
    const cure = "Have an https tunnel lead here, and set APP_URL to its address.";
    return [
      amber(
        "reachable",
        `Meta cannot reach ${appUrl}: it is this machine's own, and callbacks do not arrive.`,
        cure,
      ),
    ];
  }
  const reachable = await checkSite(config, transport);
  if (reachable.level !== "green") return [reachable];
  const { deauthorize, dataDeletion } = callbackAddressesOf(appUrl);
  return [
    reachable,
    ...(await Promise.all([
      ...pagesOf(config).map(([flavour, address]) => checkPage(flavour, address, transport)),
      checkCallback("deauthorize", deauthorize, transport),
      checkCallback("data_deletion", dataDeletion, transport),
    ])),
  ];
}

async function checkSite({ appUrl, simulator }: Input, transport: Transport): Promise<Check> {
  const answer = await answerOf(transport({ method: "GET", url: `${appUrl}/healthz` }));
  if (!(answer instanceof TransportError)) {
    if (answer.status === 200 && readJson(answer.body)["status"] === "ok")
      return green("reachable", `${appUrl} answers.`);
    return red("reachable", `${appUrl} is answered by something else (${answer.status}).`, TO_THE_API);
  }
  if (answer.code === "tls_failed")
    return red(
      "reachable",
      `The certificate of ${appUrl} is not one that can be trusted.`,
      "Get one from an authority that browsers and Meta know.",
    );
  if (answer.code === "redirect_refused")
    return red(
      "reachable",
      `${appUrl} sends on to another address.`,
      "Set APP_URL to the one that answers itself.",
    );
  return unchecked(
    "reachable",
    `${appUrl} cannot be reached from here: whether pages and callbacks answer was not checked.`,
    simulator === null
      ? "Start Perennial, and see that the name leads to it. Where only this machine cannot reach it, nothing has to be done."
      : "Start it: `npx pnpm@12 dev`",
  );
}

function pagesOf({ appUrl, instagram, facebook }: Input): ["instagram" | "facebook", string][] {
  return [
    ...(instagram === null
      ? []
      : [["instagram", redirectUriOf(appUrl, "instagram")] as ["instagram", string]]),
    ...(facebook === null ? [] : [["facebook", redirectUriOf(appUrl, "facebook")] as ["facebook", string]]),
  ];
}

/** Without a code the page says that one is missing, and spends nothing. */
async function checkPage(name: string, url: string, transport: Transport): Promise<Check> {
  const answer = await answerOf(transport({ method: "GET", url, headers: { accept: "text/html" } }));
  if (answer instanceof TransportError) return notReached(name, url);
  const isPage = answer.status === 200 && (answer.headers["content-type"] ?? "").startsWith("text/html");
  return isPage
    ? green(name, `${url} is a page.`)
    : red(name, `${url} is no page (${answer.status}): sign-ins end there.`, TO_THE_API);
}

async function checkCallback(name: string, url: string, transport: Transport): Promise<Check> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await answerOf(transport({ method: "POST", url, headers, body: "signed_request=none" }));
  if (answer instanceof TransportError) return notReached(name, url);
  const { status } = answer;
  if (status === 429)
    return unchecked(name, `${url} takes no more requests just now.`, "Try again in a while.");
  const { error } = readJson(answer.body);
  const isOurs = typeof error === "object" && error !== null && "code" in error;
  if (isOurs && status >= 400 && status < 500 && status !== 404 && status !== 405)
    return green(name, `${url} answers, and refuses what Meta has not signed.`);
  if (status < 300) return red(name, `${url} takes requests that nobody has signed (${status}).`, TO_THE_API);
  return red(
    name,
    `${url} does not answer as it should (${status}): what Meta says there is lost.`,
    TO_THE_API,
  );
}

function notReached(name: string, url: string): Check {
  return unchecked(name, `${url} did not answer.`, "Try again in a while.");
}

async function answerOf(call: Promise<TransportResponse>): Promise<TransportResponse | TransportError> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
}

/** What a body says; nothing where it is no object of JSON. */
function readJson(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {}; // a page of a proxy's, mostly
  }
}
