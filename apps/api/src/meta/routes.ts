import {
  ConnectionError,
  META,
  actingAs,
  coarseNetworkOf,
  type AcceptedCallback,
  type Callbacks,
} from "@perennial/connections";
import { Hono, type Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

import { addressOf, type ClientAddress } from "../client-address.ts";
import { NO_STORE, problem } from "../problem.ts";
import { PAGE_STYLE, PAGE_STYLE_PATH, deletionPage, unknownDeletionPage } from "./deletion-page.ts";

/** What the routes need. */
export type MetaRoutesOptions = { callbacks: Callbacks; clientAddress: ClientAddress; appUrl: string };

type Env = { Variables: { requestId: string } };

const FORM = "application/x-www-form-urlencoded";
const DELETION_PATH = "/meta/data-deletion";

/**
 * What Meta calls: somebody removed the app, or wants their data deleted. No cookie is read or set, and nothing but the
 * signature says who it comes from. And the page that a person may look at afterwards, without being signed in.
 *
 * @see https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
 */
export function createMetaRoutes(options: MetaRoutesOptions): Hono<Env> {
  const { callbacks, appUrl } = options;
  return new Hono<Env>()
    .post("/meta/deauthorize", (context) =>
      accept(context, options, "deauthorize", () => context.json({ accepted: true }, 200, NO_STORE)),
    )
    .post(DELETION_PATH, (context) =>
      accept(context, options, "data_deletion", ({ confirmationCode: code }) =>
        context.json({ url: `${appUrl}${DELETION_PATH}/${code}`, confirmation_code: code }, 200, NO_STORE),
      ),
    )
    .get(PAGE_STYLE_PATH, (context) =>
      context.body(PAGE_STYLE, 200, {
        "content-type": "text/css; charset=utf-8",
        "cache-control": "public, max-age=3600",
      }),
    )
    .get(`${DELETION_PATH}/:code`, async (context) => {
      const status = await callbacks.deletionStatus(context.req.param("code"));
      return status === null
        ? context.html(unknownDeletionPage(), 404, NO_STORE)
        : context.html(deletionPage(status), 200, NO_STORE);
    })
    .all("/meta/deauthorize", refuseMethod)
    .all(DELETION_PATH, refuseMethod);
}

function refuseMethod(context: Context): Response {
  context.header("allow", "POST");
  return problem(context, 405, "method_not_allowed", "This address takes POST only.");
}

const STATUS: Partial<Record<ConnectionError["code"], ContentfulStatusCode>> = {
  signed_request_forged: 403,
  signed_request_invalid: 400,
  signed_request_stale: 400,
};

async function accept(
  context: Context<Env>,
  { callbacks, clientAddress }: MetaRoutesOptions,
  kind: "deauthorize" | "data_deletion",
  answer: (accepted: AcceptedCallback) => Response,
): Promise<Response> {
  const [type = ""] = (context.req.header("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== FORM)
    return problem(context, 415, "not_a_form", `Send the body as ${FORM}.`);
  const signed = new URLSearchParams(await context.req.text()).getAll("signed_request");
  const [signedRequest = ""] = signed.length === 1 ? signed : [];
  const clientNetwork = coarseNetworkOf(addressOf(context, clientAddress));
  const acting = { actor: META, requestId: context.get("requestId"), clientNetwork };
  try {
    return answer(await actingAs(acting, () => callbacks.accept({ kind, signedRequest })));
  } catch (error) {
    const status = error instanceof ConnectionError ? STATUS[error.code] : undefined;
    if (!(error instanceof ConnectionError) || status === undefined) throw error;
    return problem(context, status, error.code, error.message);
  }
}

/** The path of a request as it may be logged: a confirmation code is for whoever was given it. */
export function pathWithoutCode(path: string): string {
  return path.startsWith(`${DELETION_PATH}/`) ? `${DELETION_PATH}/{code}` : path;
}
