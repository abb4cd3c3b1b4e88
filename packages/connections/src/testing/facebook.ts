import { type BegunTest, type TestKeeper } from "./keeper.ts";

/** Their professional account ids. */
export const [ACME, LENA, NORTH] = ["17841401234567891", "17841401234567892", "17841405550001237"];
/** Has three Pages with an account. */
export const MAYA = "maya.brandt";
/** Has no role in the app. */
export const RITA = "rita.outside";

/** A dialog that was gone through, and where it sent the browser. */
export type Allowed = { begun: BegunTest; address: string };

/** Somebody goes through Facebook's dialog and is sent back. */
export async function allow(
  keeper: TestKeeper,
  user: string,
  options: {
    linkUserId?: string;
    reconnectConnectionId?: string;
    reconnectLink?: string;
    pages?: string[];
  } = {},
): Promise<Allowed> {
  const { pages, ...rest } = options;
  const begun = await keeper.begin({ flavour: "facebook", ...rest });
  const { authorizationUrl } = begun;
  const input = { authorizationUrl, user, ...(pages === undefined ? {} : { pages }) };
  return { begun, address: await keeper.sim.authorize(input) };
}

/** Presents where they were sent, in the browser that began. */
export function arrive(keeper: TestKeeper, { begun, address }: Allowed, sessionId: string | null = null) {
  return keeper.connections.completeSignIn({
    flavour: "facebook",
    query: new URL(address).search,
    browserSecretOf: begun.browserSecretOf,
    sessionId,
    userAgent: "test",
  });
}

/** Who asks about the sign-in: that browser. */
export function ofBrowser({ begun }: Allowed) {
  return { attemptId: begun.attemptId, browserSecret: begun.browserSecretOf(begun.attemptId) };
}

/** Picks among what was found. */
export async function choose(
  keeper: TestKeeper,
  allowed: Allowed,
  accountIds: readonly string[],
  sessionId: string | null = null,
) {
  const of = { ...ofBrowser(allowed), accountIds, sessionId, userAgent: "test" };
  const result = await keeper.connections.chooseAccounts(of);
  if (result.session === null) throw new Error("The sign-in opened no session.");
  return { ...result, sessionId: result.session.id };
}

/** Maya connects these of her three accounts. */
export async function connectMaya(keeper: TestKeeper, accountIds: readonly string[] = [ACME, LENA]) {
  const allowed = await allow(keeper, MAYA);
  await arrive(keeper, allowed);
  return await choose(keeper, allowed, accountIds);
}

/** How often the simulator was asked for one thing. */
export function asked(keeper: TestKeeper, at: string): number {
  return keeper.sim.ledger().filter((entry) => entry.endpoint === at).length;
}

/** A whole sweep. */
export const everySweep = (keeper: TestKeeper) =>
  keeper.connections.sweep({ trigger: "worker", concurrency: 4, signal: new AbortController().signal });
