import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { CallbackVariant } from "./callback-variants.ts";
import { control, START, startTestApp } from "./testing/test-app.ts";

/** An app that remembers what it was called with. */
async function startReceiver() {
  const calls: { type: string | undefined; body: string }[] = [];
  let inFlight = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++inFlight);
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      calls.push({ type: request.headers["content-type"], body });
      setImmediate(() => {
        inFlight--;
        response.end('{"ok":true}');
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/meta/deauthorize`,
    calls,
    most: () => most,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("sends a signed request about the app-scoped id, signed over the encoded payload", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({
    callbacks: { deauthorizeUrl: receiver.url, dataDeletionUrl: receiver.url },
  });
  app.sim.clock.advance({ days: 1 });
  const answers = await app.sim.send({ kind: "deauth", user: "acme.shop" });
  expect(answers).toEqual([{ status: 200, body: '{"ok":true}' }]);
  expect(receiver.calls[0]?.type).toContain("application/x-www-form-urlencoded");
  const signed = new URLSearchParams(receiver.calls[0]?.body).get("signed_request") ?? "";
  const [signature = "", payload = "", ...rest] = signed.split(".");
  const expected = createHmac("sha256", app.sim.instagramApp.clientSecret)
    .update(payload)
    .digest("base64url");
  expect([signature, rest]).toEqual([expected, []]);
  expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toEqual({
    algorithm: "HMAC-SHA256",
    issued_at: Date.parse("2026-03-02T12:00:00Z") / 1000,
    expires: 0,
    user_id: "25811112222333345",
  });
});

it("sends Facebook's about the person's user id, signed with the Meta app's secret", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({ callbacks: { deauthorizeUrl: receiver.url } });
  await app.sim.send({ kind: "deauth", flavour: "fb", user: "maya.brandt" });
  const signed = new URLSearchParams(receiver.calls[0]?.body).get("signed_request") ?? "";
  const [signature = "", payload = ""] = signed.split(".");
  const { clientSecret } = app.sim.facebookApp;
  expect(signature).toBe(createHmac("sha256", clientSecret).update(payload).digest("base64url"));
  expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({
    user_id: "10200000000000001",
  });
  await expect(app.sim.send({ kind: "deauth", flavour: "fb", user: "acme.shop" })).rejects.toMatchObject({
    code: "unknown_user",
  });
});

it("sends as many as told, as many at a time as told, over HTTP too", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({ callbacks: { dataDeletionUrl: receiver.url } });
  const order = { kind: "delete", flavour: "ig", user: "acme.shop", variant: "valid", count: 7, parallel: 3 };
  const { json } = await control(app.sim, "POST", "/__sim/send", order);
  expect(json).toMatchObject({ sent: 7 });
  expect([receiver.calls.length, receiver.most() <= 3]).toEqual([7, true]);
  expect(new Set(receiver.calls.map((call) => call.body)).size).toBe(1);
});

/** What a careful app makes of a callback: who it is about and when it was issued, or why it is no good. */
function judge(call: { type: string | undefined; body: string }, secret: string): string {
  if (call.type?.startsWith("application/x-www-form-urlencoded") !== true) return "no form";
  if (call.body.length > 1_000_000) return "too long";
  const parts = (new URLSearchParams(call.body).get("signed_request") ?? "").split(".");
  const [signature = "", encoded = ""] = parts;
  if (parts.length !== 2) return "not two parts";
  const expected = createHmac("sha256", secret).update(encoded).digest();
  const payload = JSON.parse(Buffer.from(encoded, "base64url").toString()) as Record<string, unknown>;
  if (payload["algorithm"] !== "HMAC-SHA256") return "another algorithm";
  if (!expected.equals(Buffer.from(signature, "base64url"))) return "wrong signature";
  if (signature.replaceAll("=", "") !== expected.toString("base64url")) return "another spelling";
  if (payload["user_id"] !== "25811112222333345") return "unknown person";
  const ageS = START / 1000 - Number(payload["issued_at"]);
  return ageS > 86_400 ? "old" : ageS < 0 ? "from the future" : "good";
}

it("F40 MC-01 sends what a careful app acts on, and everything it must not act on", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({ callbacks: { deauthorizeUrl: receiver.url } });
  const expected: Record<CallbackVariant, string> = {
    valid: "good",
    padded: "good",
    bad_signature: "wrong signature",
    non_canonical: "another spelling",
    other_secret: "wrong signature",
    no_algorithm: "another algorithm",
    algorithm_none: "another algorithm",
    encoded_twice: "not two parts",
    json_body: "no form",
    huge: "too long",
    unknown_person: "unknown person",
    old: "old",
    future: "from the future",
    reordered: "good",
  };
  for (const [variant, verdict] of Object.entries(expected)) {
    receiver.calls.length = 0;
    const order = { kind: "deauth", user: "acme.shop", variant, count: 1 };
    expect((await control(app.sim, "POST", "/__sim/send", order)).json).toMatchObject({ sent: 1 });
    const [call = { type: undefined, body: "" }] = receiver.calls;
    expect([variant, judge(call, app.sim.instagramApp.clientSecret)]).toEqual([variant, verdict]);
  }
});

it("F40 MC-03 MC-04 dates callbacks as told, and sends later ones before earlier ones", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({ callbacks: { deauthorizeUrl: receiver.url } });
  await app.sim.send({ kind: "deauth", user: "acme.shop", age_s: 3600 });
  await app.sim.send({ kind: "deauth", user: "acme.shop", variant: "reordered", count: 3 });
  const ages = receiver.calls.map(({ body }) => {
    const encoded = new URLSearchParams(body).get("signed_request")?.split(".")[1] ?? "";
    const payload = JSON.parse(Buffer.from(encoded, "base64url").toString()) as { issued_at: number };
    return START / 1000 - payload.issued_at;
  });
  expect(ages).toEqual([3600, 0, 1, 2]);
});

it("reports an app that cannot be reached instead of failing", async () => {
  const receiver = await startReceiver();
  await receiver[Symbol.asyncDispose]();
  await using app = await startTestApp({ callbacks: { deauthorizeUrl: receiver.url } });
  expect(await app.sim.send({ kind: "deauth", user: "acme.shop" })).toEqual([
    { status: null, body: expect.any(String) as string },
  ]);
});

it("refuses orders it cannot carry out", async () => {
  await using app = await startTestApp({ callbacks: { deauthorizeUrl: "http://evil.test/x" } });
  const cases: [object, number][] = [
    [{ kind: "delete", user: "acme.shop" }, 409],
    [{ kind: "deauth", user: "acme.shop" }, 400],
    [{ kind: "deauth", user: "acme.shop", variant: "by_pigeon" }, 501],
    [{ kind: "deauth", user: "acme.shop", age_s: 0.5 }, 400],
    [{ kind: "deauth", user: "acme.shop", flavour: "threads" }, 400],
    [{ kind: "wave", user: "acme.shop" }, 400],
    [{ kind: "deauth", user: "acme.shop", count: 0 }, 400],
    [{ kind: "deauth", user: "acme.shop", to: "http://127.0.0.1/" }, 400],
  ];
  for (const [order, status] of cases) {
    expect([order, (await control(app.sim, "POST", "/__sim/send", order)).status]).toEqual([order, status]);
  }
});
