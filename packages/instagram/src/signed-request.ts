import { createHmac, timingSafeEqual, type KeyObject } from "node:crypto";

import { hasRepeatedKey, parseJsonObject, readCount, readId } from "./wire.ts";

/** A secret that may have signed a request, with whatever the caller knows it by. */
export type SigningSecret = { key: KeyObject };

/** What a signed request says, and which of the secrets signed it. */
export type SignedRequest<Secret extends SigningSecret> = {
  /** The id the app knows the person by; with Facebook Login the Facebook user's. */
  userId: string;
  issuedAt: Date;
  signedWith: Secret;
};

/** `malformed`: it is no signed request. `wrong_algorithm`: it says another than HMAC-SHA256. `forged`: none of the secrets signed it. */
export type SignedRequestProblem = "malformed" | "wrong_algorithm" | "forged";

/** A request that nothing may be done for. The message says what is wrong with its form, and nothing it holds. */
export class SignedRequestError extends Error {
  override readonly name = "SignedRequestError";
  readonly problem: SignedRequestProblem;

  constructor(problem: SignedRequestProblem) {
    super(SENTENCES[problem]);
    this.problem = problem;
  }
}

const SENTENCES: Readonly<Record<SignedRequestProblem, string>> = {
  malformed: "This is not a signed request.",
  wrong_algorithm: "A signed request is signed with HMAC-SHA256.",
  forged: "None of the app secrets signed this request.",
};

/** Longer than any that Meta sends, by far. */
const LONGEST = 8_192;
const SIGNATURE_BYTES = 32;
/** The last second of the year 9999. */
const LATEST_SECOND = 253_402_300_799;

/**
 * Reads a `signed_request` of Meta's. The signature is computed over the payload as it was received, before anything in it
 * is read, and compared with that of every secret, however early one fits. Padding may be there or not; any other
 * second spelling of the same bytes is refused.
 *
 * @throws {SignedRequestError}
 * @see https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
 */
export function readSignedRequest<Secret extends SigningSecret>(
  text: string,
  secrets: readonly Secret[],
): SignedRequest<Secret> {
  const [encodedSignature, encodedPayload, ...rest] = text.length > LONGEST ? [] : text.split(".");
  if (encodedSignature === undefined || encodedPayload === undefined || rest.length > 0)
    throw new SignedRequestError("malformed");
  const signature = decode(encodedSignature);
  const payload = decode(encodedPayload);
  if (signature?.length !== SIGNATURE_BYTES || payload === null) throw new SignedRequestError("malformed");
  const signedWith = signerOf({ signature, signed: encodedPayload }, secrets);
  if (signedWith === undefined) throw new SignedRequestError("forged");
  return { ...readPayload(payload), signedWith };
}

/** Every secret is tried, so that the time taken does not say which one it was, nor whether there was one. */
function signerOf<Secret extends SigningSecret>(
  { signature, signed }: { signature: Buffer; signed: string },
  secrets: readonly Secret[],
): Secret | undefined {
  return secrets.filter(({ key }) =>
    timingSafeEqual(createHmac("sha256", key).update(signed).digest(), signature),
  )[0];
}

function readPayload(payload: Buffer): { userId: string; issuedAt: Date } {
  const text = readUtf8(payload);
  const fields = text === null ? null : parseJsonObject(text);
  if (text === null || fields === null) throw new SignedRequestError("malformed");
  const { algorithm } = fields;
  if (typeof algorithm !== "string" || algorithm.toUpperCase() !== "HMAC-SHA256")
    throw new SignedRequestError("wrong_algorithm");
  const userId = readId(fields["user_id"]);
  const issuedAtSeconds = readCount(fields["issued_at"]);
  const isTime = issuedAtSeconds !== null && issuedAtSeconds > 0 && issuedAtSeconds <= LATEST_SECOND;
  if (userId === null || !isTime || hasRepeatedKey(text, "user_id") || hasRepeatedKey(text, "issued_at"))
    throw new SignedRequestError("malformed");
  return { userId, issuedAt: new Date(issuedAtSeconds * 1_000) };
}

/** Base64url in its one spelling, with its padding or without; null for anything else. */
function decode(text: string): Buffer | null {
  const bare = text.replace(/={1,2}$/, "");
  const isPadded = bare.length < text.length;
  if (bare === "" || (isPadded && text.length % 4 !== 0)) return null;
  const bytes = Buffer.from(bare, "base64url");
  return bytes.toString("base64url") === bare ? bytes : null;
}

function readUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null; // no text at all
  }
}
