import type { HistoryEntry } from "@perennial/connections";
import { expect, it } from "vitest";

import { openV1 } from "./testing/open-v1.ts";
import { resultOf } from "./testing/test-browser.ts";

type Line = { event?: string; requestId?: string; operation?: string; connectionId?: string };

/** In whichever order they ended. */
const namesOf = (operations: readonly (string | undefined)[]): string =>
  operations
    .map((operation) => operation ?? "")
    .sort((left, right) => left.localeCompare(right))
    .join();

const REQUESTS = 100;
const AT_ONCE = 10;

it("OB-04 one id leads from each of 100 requests to its upstream calls and to what it committed", async () => {
  await using v1 = await openV1();
  const browser = v1.newBrowser();
  const ids = [v1.connectionId, await v1.connectAnother("lena.paints")];
  await browser.signIn(v1, "acme.shop");
  const before = v1.logLines.length;

  // Proofs of life, ten at a time: of several requests under way none may be taken for another.
  const traced = Array.from({ length: REQUESTS }, (_, index) => `trace-${String(index).padStart(4, "0")}`);
  const left = [...traced];
  const ask = async (): Promise<void> => {
    for (let requestId = left.shift(); requestId !== undefined; requestId = left.shift()) {
      const id = ids[traced.indexOf(requestId) % ids.length];
      const answer = await browser.request("/trpc/connections.validate", {
        body: JSON.stringify({ id }),
        headers: { "x-request-id": requestId },
      });
      expect([answer.status, answer.headers.get("x-request-id")]).toEqual([200, requestId]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));

  const lines = v1.logLines.slice(before).map((line) => JSON.parse(line) as Line);
  const calls = lines.filter(({ event }) => event === "instagram.call");
  const committed: Record<string, { connectionId: string; entry: HistoryEntry }> = {};
  for (const id of ids) {
    const of = { userId: v1.userId, connectionId: id, before: null };
    const history = await v1.runtime.connections.history({ ...of, limit: 200 });
    for (const entry of history)
      if (entry.requestId !== null && entry.kind === "validate")
        committed[entry.requestId] = { connectionId: id, entry };
  }
  const broken = traced.filter((requestId) => {
    const own = lines.filter((line) => line.requestId === requestId);
    const sent = own.filter(({ event }) => event === "instagram.call").map(({ operation }) => operation);
    const told = own.filter(({ event }) => event === "connection.validated");
    const row = committed[requestId];
    const answered = own.filter(({ event }) => event === "api.answered").length;
    const isWhole =
      answered === 1 &&
      sent.length > 0 &&
      told.length === 1 &&
      row !== undefined &&
      told[0]?.connectionId === row.connectionId &&
      namesOf(sent) === namesOf(row.entry.steps.map(({ operation }) => operation));
    return !isWhole;
  });
  expect(broken).toEqual([]);
  expect(calls.every(({ requestId }) => traced.includes(requestId ?? ""))).toBe(true);
});

it("OB-04 a sign-in, a refresh by /v1 and a hand-out that renews are traced, too", async () => {
  await using v1 = await openV1();
  const { secret } = await v1.createKey();
  const browser = v1.newBrowser();
  const { search } = await browser.authorize(v1, "lena.paints");
  const body = JSON.stringify({ flavour: "instagram", query: search });
  const headers = { "x-request-id": "trace-sign-in" };
  const signedIn = await resultOf<{ connectionId: string }>(
    await browser.request("/trpc/auth.complete", { body, headers }),
  );
  await v1.advance(35 * 86_400_000);
  const refreshed = await v1.overNetwork(`/v1/connections/${v1.connectionId}/refresh`, secret, {
    method: "POST",
    headers: { "x-request-id": "trace-refresh" },
  });
  expect(refreshed.status).toBe(200);
  await v1.advance(55 * 86_400_000); // urgent: the hand-out renews first
  const handedOut = await v1.overNetwork(`/v1/connections/${v1.connectionId}/token`, secret, {
    headers: { "x-request-id": "trace-hand-out" },
  });
  expect(handedOut.status).toBe(200);

  const { connections } = v1.runtime;
  const own = await connections.history({
    userId: v1.userId,
    connectionId: v1.connectionId,
    limit: 9,
    before: null,
  });
  expect(own.map(({ kind, requestId }) => `${kind} ${requestId}`)).toEqual([
    "refresh trace-hand-out",
    "refresh trace-refresh",
    "sign_in null", // begun by no request
  ]);
  const { userId } = await connections.findConnection(signedIn.connectionId);
  const [first] = await connections.history({ userId, ...signedIn, limit: 1, before: null });
  expect(first?.requestId).toBe("trace-sign-in");
  const calls = v1.logLines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ event }) => event === "instagram.call");
  const operationsOf = (id: string) =>
    calls.filter(({ requestId }) => requestId === id).map(({ operation }) => operation);
  expect(operationsOf("trace-sign-in")).toEqual(
    expect.arrayContaining(["exchange_code", "exchange_for_long_lived_token", "fetch_profile"]),
  );
  expect(operationsOf("trace-refresh")).toContain("refresh_long_lived_token");
  expect(operationsOf("trace-hand-out")).toContain("refresh_long_lived_token");
});
