import { connect, freePort, openTestWorld, startAppProcess, startReceiver } from "@perennial/runtime/testing";
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";

it("MC-09 a worker works off what an api has accepted and not worked off, and tells the webhook so, signed", async () => {
  await using world = await openTestWorld();
  await using webhook = await startReceiver();
  const { connectionId, userId } = await connect(world, "acme.shop");
  const { connections } = world.runtime;
  const settings = { kind: "webhook", url: webhook.url } as const;
  const request = { id: null, connectionId, userId, origin: "operator", name: "Reader", settings } as const;
  const { webhookSecret } = await connections.sinks.save(request);
  await connections.sinks.settle();
  await connections.callbacks.stop(); // as if it were killed behind its answer
  const { clientSecret } = world.sim.instagramApp;
  const fields = {
    algorithm: "HMAC-SHA256",
    issued_at: Math.floor(world.sim.clock.now().getTime() / 1_000),
    user_id: world.sim.users.get("acme.shop").appScopedId,
  };
  const payload = Buffer.from(JSON.stringify(fields)).toString("base64url");
  const signature = createHmac("sha256", clientSecret).update(payload).digest("base64url");
  const accepted = await connections.callbacks.accept({
    kind: "data_deletion",
    signedRequest: `${signature}.${payload}`,
  });
  await using worker = startAppProcess("worker", {
    ...world.environment,
    WORKER_PORT: String(await freePort()),
  });
  await worker.lineWith('"event":"farewell.said"');
  expect(await connections.callbacks.deletionStatus(accepted.confirmationCode ?? "")).toMatchObject({
    state: "completed",
  });
  expect(await connections.page({ after: null, limit: 9 })).toEqual([]);

  const [, farewell] = webhook.received; // after its token
  const { headers, body = "" } = farewell ?? {};
  expect(JSON.parse(body)).toEqual({
    type: "connection.erased",
    timestamp: expect.any(String),
    data: { connection_id: connectionId },
  });
  const signed = `${headers?.["webhook-id"]}.${headers?.["webhook-timestamp"]}.${body}`;
  const key = Buffer.from((webhookSecret ?? "").replace("whsec_", ""), "base64");
  expect(headers?.["webhook-signature"]).toBe(
    `v1,${createHmac("sha256", key).update(signed).digest("base64")}`,
  );
  expect(worker.lines.join("\n")).not.toContain(fields.user_id);
});
