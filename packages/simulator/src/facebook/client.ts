import type { Call } from "../endpoint.ts";
import type { World } from "../world.ts";
import type { CodeRefusal } from "./code-refusals.ts";
import { parameterOf } from "./parameter.ts";

/** Checks id and secret of the app that asks for a token. Either is looked at before anything else that came along. */
export function refuseClient({ facebook }: World, call: Call): CodeRefusal | undefined {
  const clientId = parameterOf(call, "client_id") ?? "";
  if (clientId === "") return "missing_client_id";
  if (/\D/.test(clientId)) return "invalid_app_id";
  const app = [facebook.app, facebook.foreignApp].find((one) => one.clientId === clientId);
  if (app === undefined) return "unknown_app";
  const secret = parameterOf(call, "client_secret") ?? "";
  if (secret === "") return "missing_client_secret";
  return secret === app.clientSecret ? undefined : "invalid_client_secret";
}
