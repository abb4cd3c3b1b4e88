import type { TestWorld } from "@perennial/runtime/testing";
import { createHmac } from "node:crypto";

/** What is signed, and with which secret; that of Instagram Login unless given. */
export type Signing = { userId: string; issuedAtMs?: number; secret?: string };

/** A request as Meta signs it. */
export function signedRequest({ sim }: Pick<TestWorld, "sim">, signing: Signing): string {
  const { userId, issuedAtMs = sim.clock.now().getTime(), secret = sim.instagramApp.clientSecret } = signing;
  const fields = {
    algorithm: "HMAC-SHA256",
    issued_at: Math.floor(issuedAtMs / 1_000),
    expires: 0,
    user_id: userId,
  };
  const payload = Buffer.from(JSON.stringify(fields)).toString("base64url");
  return `${createHmac("sha256", secret).update(payload).digest("base64url")}.${payload}`;
}

/** The same as a form. */
export function formOf(signed: string): { method: "POST"; body: string; headers: Record<string, string> } {
  return {
    method: "POST",
    body: new URLSearchParams({ signed_request: signed }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  };
}
