import type { SignedIn } from "@perennial/connections";

import type { TestWorld } from "./test-world.ts";

/** Signs a person in without a browser, so that there is something to keep. */
export async function connect(world: TestWorld, user: string): Promise<SignedIn> {
  const { connections } = world.runtime;
  const begun = await connections.beginSignIn({
    flavour: "instagram",
    returnTo: "/connections",
    linkUserId: null,
    forceReauth: false,
    reconnectLink: null,
    reconnectConnectionId: null,
    rerequest: false,
  });
  const address = await world.sim.authorize({ authorizationUrl: begun.authorizationUrl, user });
  const result = await connections.completeSignIn({
    flavour: "instagram",
    query: new URL(address).search,
    browserSecretOf: () => begun.browserSecret,
    sessionId: null,
    userAgent: null,
  });
  if (result.kind !== "signed_in") throw new Error("The person has to choose.");
  return result;
}
