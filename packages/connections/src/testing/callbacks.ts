import type { Flavour, MetaCallbackKind } from "@perennial/db";
import { createHmac } from "node:crypto";

import { actingAs, META } from "../audit/acting.ts";
import type { AcceptedCallback } from "../callbacks/accept-callback.ts";
import type { Connections } from "../create-connections.ts";
import type { TestKeeper } from "./keeper.ts";

/** Has something done as by a request from nowhere in particular. */
export function asked<T>(actor: string, work: () => Promise<T>): Promise<T> {
  return actingAs({ actor, requestId: "request-1", clientNetwork: "192.0.2.0/24" }, work);
}

/** What Meta signs, unless a test says otherwise. */
export type Signing = {
  /** The id it is about. */
  userId: string;
  flavour?: Flavour;
  /** How long ago it was issued, by the clock of the simulator. */
  agoMs?: number;
  secret?: string;
};

/** A request as Meta signs it, with the secret of the login's app. */
export function signedRequest({ sim }: Pick<TestKeeper, "sim">, signing: Signing): string {
  const { userId, flavour = "instagram", agoMs = 0 } = signing;
  const app = flavour === "instagram" ? sim.instagramApp : sim.facebookApp;
  const issuedAt = Math.floor((sim.clock.now().getTime() - agoMs) / 1_000);
  const fields = { algorithm: "HMAC-SHA256", issued_at: issuedAt, expires: 0, user_id: userId };
  const payload = Buffer.from(JSON.stringify(fields)).toString("base64url");
  const signature = createHmac("sha256", signing.secret ?? app.clientSecret)
    .update(payload)
    .digest("base64url");
  return `${signature}.${payload}`;
}

/** Meta tells of a person, and it is worked off. */
export async function tell(
  keeper: Pick<TestKeeper, "sim"> & { connections: Connections },
  kind: MetaCallbackKind,
  signing: Signing,
): Promise<AcceptedCallback> {
  const request = { kind, signedRequest: signedRequest(keeper, signing) };
  const accepted = await asked(META, () => keeper.connections.callbacks.accept(request));
  await keeper.connections.callbacks.settle();
  return accepted;
}

/** The id by which Instagram's callbacks know somebody. */
export function idOf({ sim }: Pick<TestKeeper, "sim">, user: string): string {
  return sim.users.get(user).appScopedId;
}

/** Accepts a signed request, which is worked off behind the answer. */
export function accept(
  keeper: TestKeeper,
  kind: MetaCallbackKind,
  signed: string,
): Promise<AcceptedCallback> {
  return keeper.connections.callbacks.accept({ kind, signedRequest: signed });
}
