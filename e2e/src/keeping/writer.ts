import { createTokenSeal } from "@perennial/connections";
import { openStore } from "@perennial/db";
import { setTimeout as pause } from "node:timers/promises";

import { tokenOf } from "./sealed-house.ts";

// A process of its own that commits so many rows a second until it is told to stop: a new token and its row of
// history in each transaction. Then it says how many it wrote.
const { DATABASE_URL = "", TOKEN_KEYS = "" } = process.env;
const [name = "", perSecond = "0"] = process.argv.slice(2);
const TICK_MS = 50;
const LEASE_MS = 5_000;

const ring = TOKEN_KEYS.split(",").map((part) => {
  const [id = "", key = ""] = part.split(":");
  return { id, key: Buffer.from(key, "base64") };
});
const seal = createTokenSeal(ring);
await using store = await openStore(DATABASE_URL);
const rows = await store.pageConnections({ after: null, limit: 2_000 });
const active = rows.filter(({ status }) => status === "active");
let isOver = false;
process.once("SIGTERM", () => void (isOver = true));

let written = 0;
async function writeOne(number: number): Promise<void> {
  const { id = "", flavour = "instagram" } = active[number % active.length] ?? {};
  const claim = await store.claimOne({ connectionId: id, owner: name, leaseMs: LEASE_MS });
  if (claim.kind !== "leased") return; // the other one has it
  const now = new Date();
  const isSaved = await store.saveRefreshed({
    lease: claim.lease,
    token: {
      sealedToken: seal.seal(tokenOf(id), { connectionId: id, flavour }),
      tokenIssuedAt: now,
      tokenExpiresAt: new Date(now.getTime() + 60 * 86_400_000),
      isExpiryEstimated: false,
      hasNoExpiry: false,
      dataAccessExpiresAt: null,
      permissions: null,
      nextRefreshAt: new Date(now.getTime() + 30 * 86_400_000),
    },
    previous: "replaced",
    renewedAt: now,
    history: {
      id: `${name}-${number}`,
      kind: "refresh",
      trigger: "worker",
      startedAt: now,
      finishedAt: now,
      outcome: "succeeded",
      errorCode: null,
      traceId: null,
      transcript: null,
      tokenExpiresAt: null,
    },
    alerts: [],
    now,
  });
  if (isSaved) written += 1;
}

process.stdout.write("writing\n");
const startedMs = performance.now();
for (let number = 0; !isOver;) {
  const due = Math.floor(((performance.now() - startedMs) / 1_000) * Number(perSecond));
  const batch = Array.from({ length: Math.min(50, Math.max(0, due - number)) }, (_, index) => number + index);
  number += batch.length;
  await Promise.all(batch.map(writeOne));
  if (number >= due) await pause(TICK_MS);
}
process.stdout.write(`wrote ${written} in ${((performance.now() - startedMs) / 1_000).toFixed(1)}\n`);
