import type { Flavour } from "@perennial/db";
import type { Login } from "@perennial/instagram";

import type { ConnectionsDeps } from "./deps.ts";
import { ConnectionError } from "./errors.ts";

/** The login of a flavour. @throws {ConnectionError} `flavour_not_configured` */
export function loginOf(deps: Pick<ConnectionsDeps, "logins">, flavour: Flavour): Login {
  const login = deps.logins[flavour];
  if (login === undefined) throw new ConnectionError("flavour_not_configured");
  return login;
}
