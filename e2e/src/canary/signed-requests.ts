import { createHmac, randomBytes } from "node:crypto";

import type { TestWorld } from "@perennial/runtime/testing";

/** One request to an address that Meta calls. */
export type SentRequest = {
  name: string;
  isGood: boolean;
  method: "GET" | "POST";
  query: string;
  headers: Record<string, string>;
  body: string | null;
  /** What must not be found of it. */
  canaries: [name: string, secret: string][];
};

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const SECOND_MS = 1_000;
/** More than the api reads of a body. */
const TOO_LONG_BYTES = 200_000;

/** What Meta tells of two people, and what others who would like to be Meta send, each with a random text of its own. */
export function signedRequests(
  { sim }: TestWorld,
  { known }: { known: string },
): { good: SentRequest[]; forged: SentRequest[] } {
  const secret = sim.instagramApp.clientSecret;
  const now = Math.floor(sim.clock.now().getTime() / SECOND_MS);
  const ofKnown = { algorithm: "HMAC-SHA256", issued_at: now, user_id: sim.users.get(known).appScopedId };
  const make = (name: string, fields: object, change: Partial<Change> = {}): SentRequest =>
    requestOf(name, fields, { key: secret, ...change });
  const stranger = { ...ofKnown, user_id: `178414${randomBytes(5).readUIntBE(0, 5)}` };
  const other = randomBytes(16).toString("hex");
  return {
    good: [make("a good one", ofKnown), make("one about a stranger", stranger)],
    forged: [
      make("one of another's", ofKnown, { key: other }),
      make("one of another's about a stranger", stranger, { key: other }),
      make("one without an algorithm", { ...ofKnown, algorithm: "none" }),
      make("one that is too old", { ...ofKnown, issued_at: now - 3 * 86_400 }),
      make("one of tomorrow", { ...ofKnown, issued_at: now + 86_400 }),
      make("one about nobody", { ...ofKnown, user_id: null }),
      make("one that is no JSON", ofKnown, { payload: (text) => text.slice(0, -1) }),
      make("an unsigned one", ofKnown, { signed: (_signature, payload) => `.${payload}` }),
      make("one cut off", ofKnown, {
        signed: (signature, payload) => `${signature.slice(0, -3)}.${payload}`,
      }),
      make("one with a tail", ofKnown, {
        signed: (signature, payload) => `${signature}.${payload}.${payload}`,
      }),
      make("one sent twice", ofKnown, { body: (signed) => `${formOf(signed)}&${formOf(signed)}` }),
      make("one too long to read", ofKnown, {
        body: (signed) => formOf(signed) + "x".repeat(TOO_LONG_BYTES),
      }),
      {
        ...make("one as JSON", ofKnown, { body: (signed) => JSON.stringify({ signed_request: signed }) }),
        headers: { "content-type": "application/json" },
      },
      ...[make("one in the address", ofKnown), make("one that is asked for", ofKnown)].map(
        (request, index): SentRequest => ({
          ...request,
          method: index === 0 ? "POST" : "GET",
          query: `?${request.body ?? ""}`,
          body: null,
        }),
      ),
    ].map((request) => ({ ...request, isGood: false })),
  };
}

type Change = {
  key: string;
  payload: (text: string) => string;
  signed: (signature: string, payload: string) => string;
  body: (signed: string) => string;
};

function requestOf(
  name: string,
  fields: object,
  {
    key,
    payload: changed = (text) => text,
    signed: put = (signature, payload) => `${signature}.${payload}`,
    body = formOf,
  }: Partial<Change> & Pick<Change, "key">,
): SentRequest {
  const nonce = randomBytes(18).toString("base64url");
  const text = changed(JSON.stringify({ ...fields, user: { locale: nonce } }));
  const payload = Buffer.from(text).toString("base64url");
  const digest = createHmac("sha256", key).update(payload).digest();
  const signature = digest.toString("base64url");
  return {
    name,
    isGood: true,
    method: "POST",
    query: "",
    headers: FORM,
    body: body(put(signature, payload)),
    canaries: [
      [`${name}: its signature`, signature],
      [`${name}: its signature's bytes`, digest.toString("latin1")],
      [`${name}: the same in hexadecimal`, digest.toString("hex")],
      // What all have in common at the beginning is the algorithm, which is no secret.
      [
        `${name}: its payload as it was sent`,
        payload.slice(Buffer.from('{"algorithm":"HMAC-SHA256",').toString("base64url").length),
      ],
      [`${name}: what is in its payload`, nonce],
    ],
  };
}

function formOf(signed: string): string {
  return new URLSearchParams({ signed_request: signed }).toString();
}
