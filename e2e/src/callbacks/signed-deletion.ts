import type { TestWorld } from "@perennial/runtime/testing";
import { createHmac } from "node:crypto";

/** A deletion request about somebody at Instagram, as Meta sends it. */
export function signedDeletion(
  sim: TestWorld["sim"],
  user: string,
): { body: string; headers: Record<string, string> } {
  const fields = {
    algorithm: "HMAC-SHA256",
    issued_at: Math.floor(sim.clock.now().getTime() / 1_000),
    user_id: sim.users.get(user).appScopedId,
  };
  const payload = Buffer.from(JSON.stringify(fields)).toString("base64url");
  const signature = createHmac("sha256", sim.instagramApp.clientSecret).update(payload).digest("base64url");
  return {
    body: new URLSearchParams({ signed_request: `${signature}.${payload}` }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  };
}
