import { describe } from "vitest";

import { describeAlerts } from "./contract/alerts.ts";
import { describeApiKeys } from "./contract/api-keys.ts";
import { describeAudit } from "./contract/audit.ts";
import { describeAuditedActs } from "./contract/audited-acts.ts";
import { describeBreakers } from "./contract/breakers.ts";
import { describeClaims } from "./contract/claims.ts";
import { describeCompleteSignIn } from "./contract/complete-sign-in.ts";
import { describeCompleteSignInOnce } from "./contract/complete-sign-in-once.ts";
import { describeConnections } from "./contract/connections.ts";
import { describeErasures } from "./contract/erasures.ts";
import { describeFleet } from "./contract/fleet.ts";
import { describeIncidents } from "./contract/incidents.ts";
import { describeTokenKeeping } from "./contract/keep-tokens.ts";
import { describeSeveralAccounts } from "./contract/several-accounts.ts";
import { describeJournal } from "./contract/journal.ts";
import { describeMetaCallbacks } from "./contract/meta-callbacks.ts";
import type { OpenStoreUnderTest } from "./contract/bench.ts";
import { describePermits } from "./contract/permits.ts";
import { describeRevocations } from "./contract/revocations.ts";
import { describeSealedColumns } from "./contract/sealed-columns.ts";
import { describeSessions, describeUpkeep } from "./contract/sessions-and-upkeep.ts";
import { describeSignInAttempts } from "./contract/sign-in-attempts.ts";
import { describeSinkDeliveries } from "./contract/sink-deliveries.ts";
import { describeSinks } from "./contract/sinks.ts";
import { describeUsers } from "./contract/users.ts";
import { describeWarnings } from "./contract/warnings.ts";
import { describeWritesUnderLease } from "./contract/writes-under-lease.ts";

/**
 * The behaviour every engine shows. `open` makes a store on an empty database; `another` opens a second
 * connection to the same one, so that races are real.
 */
export function describeStoreContract(name: string, open: OpenStoreUnderTest): void {
  describe(`the store contract on ${name}`, () => {
    describeSignInAttempts(open);
    describeCompleteSignIn(open);
    describeCompleteSignInOnce(open);
    describeSeveralAccounts(open);
    describeTokenKeeping(open);
    describeSessions(open);
    describeConnections(open);
    describeClaims(open);
    describeWritesUnderLease(open);
    describeJournal(open);
    describeIncidents(open);
    describeWarnings(open);
    describeAlerts(open);
    describeSinks(open);
    describeSinkDeliveries(open);
    describeBreakers(open);
    describeApiKeys(open);
    describePermits(open);
    describeFleet(open);
    describeSealedColumns(open);
    describeUpkeep(open);
    describeUsers(open);
    describeRevocations(open);
    describeErasures(open);
    describeMetaCallbacks(open);
    describeAudit(open);
    describeAuditedActs(open);
  });
}
