import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FlavourName } from "./endpoint.ts";
import { readForm } from "./http/form.ts";
import { readBody } from "./http/read-body.ts";
import { HTML_TYPE, textReply, type Reply } from "./http/reply.ts";
import { labPage, LEAVING_PATH } from "./pages/lab-page.ts";
import { leftPage, type Told } from "./pages/left-page.ts";
import type { Simulator } from "./simulator.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { World } from "./world.ts";

/** The simulator's own page, on which people can leave the app. */
export type Lab = {
  /** What is answered to a request of a browser; null for one that is not the page's. */
  answer(request: IncomingMessage, path: string): Promise<Reply> | Reply | null;
};

const MOST_BODY_BYTES = 16_384;

/** Makes the page of a simulator. Its forms carry a token, so that no other website can have anybody leave. */
export function createLab(world: World, simulator: Simulator): Lab {
  const formToken = createHmac("sha256", simulator.controlSecret).update("people page").digest("base64url");
  return {
    answer(request, path) {
      if (request.method === "GET" && (path === "/" || path === "/__sim")) {
        const { html, headers } = labPage(world, formToken);
        return { status: 200, contentType: HTML_TYPE, headers, body: html };
      }
      return request.method === "POST" && path === LEAVING_PATH ? leave(simulator, request, formToken) : null;
    },
  };
}

async function leave(simulator: Simulator, request: IncomingMessage, formToken: string): Promise<Reply> {
  try {
    const form = readForm(request.headers["content-type"], await readBody(request, MOST_BODY_BYTES));
    if (!isSame(form.get("form_token") ?? "", formToken))
      return textReply(403, "The form is not of this simulator's page. Load the page again.");
    const user = form.get("user") ?? "";
    const flavour = form.get("flavour") === "fb" ? "fb" : "ig";
    if (flavour === "ig") simulator.users.removeApp(user);
    else simulator.facebook.removeApp(user);
    const told = [await tell(simulator, "deauth", flavour, user)];
    if (form.get("how") === "delete_data") told.push(await tell(simulator, "delete", flavour, user));
    const { html, headers } = leftPage(user, told);
    return { status: 200, contentType: HTML_TYPE, headers, body: html };
  } catch (error) {
    if (error instanceof RangeError) return textReply(413, "The form is too long.");
    if (error instanceof SimulatorError) return textReply(400, error.message);
    throw error;
  }
}

const WORDS = { deauth: "Deauthorization", delete: "Data deletion" } as const;

async function tell(
  simulator: Simulator,
  kind: keyof typeof WORDS,
  flavour: FlavourName,
  user: string,
): Promise<Told> {
  const what = WORDS[kind];
  try {
    const [outcome = { status: null, body: "" }] = await simulator.send({ kind, flavour, user });
    return { what, outcome };
  } catch (error) {
    if (error instanceof SimulatorError) return { what, outcome: { problem: error.message } };
    throw error;
  }
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
