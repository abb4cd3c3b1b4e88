import { createHmac } from "node:crypto";
import type { AppUser } from "./endpoint.ts";
import { percentEncodeAll } from "./http/form.ts";
import type { AppCredentials, World } from "./world.ts";

/** A callback as it goes out. */
export type CallbackMessage = { contentType: string; body: string };

type Payload = Record<string, unknown>;

/** Where a variant departs from what Meta sends. */
type Departure = {
  /** How long ago it was issued, in virtual seconds. */
  ageS?: number;
  payload?(payload: Payload, world: World): Payload;
  secret?(world: World): string;
  encode?(bytes: Buffer): string;
  signature?(signature: string): string;
  message?(signedRequest: string): CallbackMessage;
};

const DAY_S = 86_400;
const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HUGE = "x".repeat(1_048_576);

/** F40: what may arrive where callbacks arrive, by name. */
const VARIANTS = {
  valid: {},
  /** Base64 with its padding: as good as without. */
  padded: { encode: (bytes) => bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_") },
  bad_signature: {
    signature: (signature) => (signature.startsWith("A") ? "B" : "A") + signature.slice(1),
  },
  /** The same bytes in another spelling: the last letter's unused bits are set. */
  non_canonical: {
    signature: (signature) =>
      signature.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(signature.slice(-1)) | 1),
  },
  /** Signed with a secret that is not this app's. */
  other_secret: { secret: ({ random }) => `SIMSEC_${random.text(32)}` },
  no_algorithm: { payload: ({ algorithm: _algorithm, ...rest }) => rest },
  algorithm_none: { payload: (payload) => ({ ...payload, algorithm: "none" }), signature: () => "" },
  encoded_twice: {
    message: (signed) => formOf(percentEncodeAll(signed)),
  },
  json_body: {
    message: (signed) => ({
      contentType: "application/json",
      body: JSON.stringify({ signed_request: signed }),
    }),
  },
  /** More than 1 MB, and rightly signed. */
  huge: { payload: (payload) => ({ ...payload, padding: HUGE }) },
  /** About an id nobody here has. */
  unknown_person: { payload: (payload, { random }) => ({ ...payload, user_id: random.digits(17) }) },
  old: { ageS: 2 * DAY_S },
  future: { ageS: -DAY_S },
  /** Several that were issued in the order opposite to the one they arrive in. */
  reordered: {},
} as const satisfies Record<string, Departure>;

/** How a callback departs from what Meta sends. */
export type CallbackVariant = keyof typeof VARIANTS;

/** Every variant there is. */
export const CALLBACK_VARIANTS: readonly string[] = Object.keys(VARIANTS);

/** Whom a callback is about, and the app whose secret signs it. */
export type CallbackSender = { user: AppUser; app: AppCredentials };

/** Writes one callback about a person. `ageS` wins over the variant's own. */
export function writeCallback(
  world: World,
  { user, app }: CallbackSender,
  { variant, ageS }: { variant: CallbackVariant; ageS: number | undefined },
): CallbackMessage {
  const departure: Departure = VARIANTS[variant];
  const issuedAtS = Math.floor(world.clock.nowMs() / 1000) - (ageS ?? departure.ageS ?? 0);
  const usual = { algorithm: "HMAC-SHA256", issued_at: issuedAtS, expires: 0, user_id: user.appScopedId };
  const payload = departure.payload?.(usual, world) ?? usual;
  const encode = departure.encode ?? ((bytes: Buffer) => bytes.toString("base64url"));
  const encoded = encode(Buffer.from(JSON.stringify(payload)));
  const secret = departure.secret?.(world) ?? app.clientSecret;
  // over the encoded payload, not over what it says
  const signature = encode(createHmac("sha256", secret).update(encoded).digest());
  const signed = `${departure.signature?.(signature) ?? signature}.${encoded}`;
  return departure.message?.(signed) ?? formOf(signed);
}

function formOf(signedRequest: string): CallbackMessage {
  const body = new URLSearchParams({ signed_request: signedRequest }).toString();
  return { contentType: FORM_TYPE, body };
}
