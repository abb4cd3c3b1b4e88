import type { World } from "../world.ts";
import type { FacebookPerson } from "./person.ts";

/** Ends every token of a person at one app and forgets what they let it do. */
export function removeApp(world: World, person: FacebookPerson, appId: string, reason: string): void {
  const { tokens, consents } = world.facebook;
  const ending = { subcode: 458, reason };
  tokens.endAll(person, world.clock.nowMs(), ending, (token) => token.lineage.appId === appId);
  consents.forget(person, appId);
}
