import type { ConnectionView } from "@perennial/connections";
import type { z } from "zod";

import type { connectionBody } from "./schemas.ts";

/** A connection in the words of /v1. */
export function wireConnection(view: ConnectionView): z.infer<typeof connectionBody> {
  const { problem, life } = view;
  return {
    id: view.id,
    account: {
      id: view.accountId,
      username: view.username,
      login: view.flavour,
      name: view.name,
      type: view.accountType,
    },
    state: view.state,
    scopes: view.permissions,
    missing_scopes: view.missingScopes.map(({ scope }) => scope),
    expires_at: life?.expiresAt.toISOString() ?? null,
    next_refresh_at: life?.nextRefreshAt?.toISOString() ?? null,
    refreshed_at: view.renewedAt?.toISOString() ?? null,
    connected_at: view.connectedAt.toISOString(),
    problem:
      problem === null
        ? null
        : {
            code: problem.code,
            message: problem.message,
            cure: problem.cure,
            at: problem.at?.toISOString() ?? null,
          },
  };
}
