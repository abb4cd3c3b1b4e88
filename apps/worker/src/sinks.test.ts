import {
  connect,
  freePort,
  hasRedisServer,
  openTestWorld,
  startAppProcess,
  startReceiver,
  startRedisServer,
  type AppProcess,
  type TestWorld,
} from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

const DAYS_40 = { days: 40 };
type Settings = Parameters<TestWorld["runtime"]["connections"]["sinks"]["save"]>[0]["settings"];

async function startWorker(world: TestWorld, file?: string) {
  const environment = { ...world.environment, WORKER_PORT: String(await freePort()) };
  return startAppProcess("worker", environment, [], null, file);
}

async function addSink(world: TestWorld, connectionId: string, settings: Settings): Promise<string> {
  const { sinks } = world.runtime.connections;
  const request = {
    id: null,
    connectionId,
    userId: null,
    origin: "operator",
    name: "Reader",
    settings,
  } as const;
  const { sink } = await sinks.save(request);
  await sinks.settle();
  return sink.id;
}

/** When the worker says that something happened, by its own clock, after so many lines. */
async function atLine({ lines }: AppProcess, after: number, event: string): Promise<number> {
  const find = (): string | undefined =>
    lines.slice(after).find((line) => line.includes(`"event":"${event}"`));
  await expect.poll(find, { interval: 10, timeout: 15_000 }).toBeDefined();
  return Date.parse((JSON.parse(find() ?? "") as { at: string }).at);
}

type Delivered = { data: { access_token: string } };

describe("a worker with sinks", () => {
  it("delivers within a second of the swap, over Upstash's interface and into a webhook", async () => {
    await using world = await openTestWorld();
    await using upstash = await startReceiver();
    await using webhook = await startReceiver();
    const { connectionId, userId } = await connect(world, "acme.shop");
    const rest = { kind: "upstash", url: upstash.url, token: "rest", key: "ig", format: "token" } as const;
    await addSink(world, connectionId, rest);
    await addSink(world, connectionId, { kind: "webhook", url: webhook.url });
    world.sim.clock.advance(DAYS_40);
    await using worker = await startWorker(world);
    const delivered = Promise.all([upstash.count(2), webhook.count(2)]);
    await worker.lineWith('"event":"connection.refreshed"');
    const swappedAtMs = performance.now();
    await delivered;
    expect(performance.now() - swappedAtMs).toBeLessThan(1_000);
    const { accessToken } = await world.runtime.connections.handOut({ connectionId, trigger: "api" });
    expect((JSON.parse(upstash.received[1]?.body ?? "") as string[])[2]).toBe(accessToken);
    expect((JSON.parse(webhook.received[1]?.body ?? "") as Delivered).data.access_token).toBe(accessToken);
    await expect
      .poll(() => world.runtime.connections.sinks.list({ connectionId, userId }), { interval: 20 })
      .toMatchObject([{ isCurrent: true }, { isCurrent: true }]);
    expect(worker.lines.join("\n")).not.toContain(accessToken);
  });

  it.skipIf(!hasRedisServer)("has a real Redis hold the new token within a second", async () => {
    await using world = await openTestWorld();
    await using redis = await startRedisServer();
    const { connectionId } = await connect(world, "acme.shop");
    const id = await addSink(world, connectionId, {
      kind: "redis",
      url: redis.url,
      key: "ig",
      field: null,
      format: "token",
    });
    world.sim.clock.advance(DAYS_40);
    await using worker = await startWorker(world);
    await worker.lineWith('"event":"sink.delivered"'); // with the first one the client is loaded, whatever else goes on
    const seen = worker.lines.length;
    world.sim.clock.advance(DAYS_40);
    const swappedAtMs = await atLine(worker, seen, "connection.refreshed");
    expect((await atLine(worker, seen, "sink.delivered")) - swappedAtMs).toBeLessThan(1_000);
    const { sinks } = world.runtime.connections;
    const receipts = await sinks.receipts({ id, userId: null, limit: 9 });
    expect(receipts.map(({ problem }) => problem)).toEqual([null, null, null]);
  });

  it("delivers what a worker swapped that was killed before it could", async () => {
    await using world = await openTestWorld();
    await using webhook = await startReceiver();
    const { connectionId, userId } = await connect(world, "acme.shop");
    await addSink(world, connectionId, { kind: "webhook", url: webhook.url });
    world.sim.clock.advance(DAYS_40);
    await using killed = await startWorker(world, "testing/dies-after-swap.ts");
    expect(await killed.exited).toEqual({ code: null, signal: "SIGKILL" });
    expect(webhook.received).toHaveLength(1);
    const { sinks } = world.runtime.connections;
    expect(await sinks.list({ connectionId, userId })).toMatchObject([
      { state: "waiting", isCurrent: false },
    ]);

    await using next = await startWorker(world);
    await next.lineWith("worker.started");
    const startedAtMs = performance.now();
    await webhook.count(2);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
    const { accessToken } = await world.runtime.connections.handOut({ connectionId, trigger: "api" });
    expect((JSON.parse(webhook.received[1]?.body ?? "") as Delivered).data.access_token).toBe(accessToken);
  });
});
