import type { SignedIn } from "../sign-in-result.ts";
import { ConnectionError } from "../errors.ts";
import type { BegunTest, TestKeeper } from "./keeper.ts";

/** The code a piece of work fails with, or "fine". */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "fine";
  } catch (error) {
    if (error instanceof ConnectionError) return error.code;
    throw error;
  }
}

/** Presents a redirect address in the browser that began. */
export async function complete(
  keeper: Pick<TestKeeper, "connections">,
  begun: BegunTest,
  address: string,
  sessionId: string | null = null,
): Promise<SignedIn> {
  const result = await keeper.connections.completeSignIn({
    flavour: "instagram",
    query: new URL(address).search,
    browserSecretOf: begun.browserSecretOf,
    sessionId,
    userAgent: null,
  });
  if (result.kind !== "signed_in") throw new Error("The person has to choose.");
  return result;
}

/** A sign-in that was begun and allowed, with the address the browser was sent back to. */
export async function authorized(
  keeper: TestKeeper,
  user = "acme.shop",
): Promise<{ begun: BegunTest; address: string }> {
  const begun = await keeper.begin();
  return { begun, address: await keeper.sim.authorize({ authorizationUrl: begun.authorizationUrl, user }) };
}
