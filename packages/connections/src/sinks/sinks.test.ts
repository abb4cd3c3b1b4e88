import { describe, expect, it } from "vitest";

import { openTestKeeper, type TestKeeper } from "../testing/keeper.ts";
import { connectMaya, everySweep, NORTH } from "../testing/facebook.ts";
import { codeOf } from "../testing/sign-in.ts";
import { MOST_SINKS } from "./manage-sinks.ts";
import type { SinkSettings } from "./settings.ts";
import type { SinkDelivering, SinkOutcome, SinkWriter } from "./sink-writer.ts";

const DONE: SinkOutcome = { httpStatus: null, errorCode: null };
const REFUSED: SinkOutcome = { httpStatus: 503, errorCode: "sink_refused" };

/** A place for tokens that a test looks into and tells what to answer. */
function createPlaces() {
  const given: SinkDelivering[] = [];
  let answer: (delivering: SinkDelivering) => SinkOutcome | Promise<SinkOutcome> = () => DONE;
  const writer: SinkWriter = {
    write: async (delivering) => {
      given.push(delivering);
      return await answer(delivering);
    },
    announce: async () => DONE,
    admit: async (settings) => settings,
    kinds: () => [{ kind: "redis", refusal: null }],
  };
  return {
    writer,
    given,
    tokens: () => given.map(({ message }) => message.access_token),
    answerWith: (next: typeof answer) => {
      answer = next;
    },
  };
}

function at(key: string): SinkSettings {
  return { kind: "redis", url: "rediss://:hunter2@cache.test/0", key, field: null, format: "json" };
}

async function openKeeper() {
  const places = createPlaces();
  const clock = { ms: Date.parse("2026-06-01T12:00:00Z") };
  const keeper = await openTestKeeper({
    leaseNow: () => clock.ms,
    change: () => ({ sinkWriter: places.writer }),
  });
  return { keeper, places, clock };
}

async function addSink(keeper: TestKeeper, connectionId: string, key = "ig", userId: string | null = null) {
  const request = {
    id: null,
    connectionId,
    userId,
    origin: "web",
    name: `At ${key}`,
    settings: at(key),
  } as const;
  const { sink } = await keeper.connections.sinks.save(request);
  await keeper.connections.sinks.settle();
  return sink.id;
}

const forced = (connectionId: string) =>
  ({ connectionId, userId: null, trigger: "cli", force: true }) as const;

describe("sinks", () => {
  it("are given the present token at once, and each one after it, and say which one they hold", async () => {
    const { keeper, places } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    await addSink(keeper, connectionId);
    expect(places.given[0]?.message).toMatchObject({ connection_id: connectionId, username: "acme.shop" });

    keeper.sim.clock.advance({ days: 2 });
    await keeper.connections.refresh(forced(connectionId));
    await keeper.connections.sinks.settle();
    await keeper.signIn("acme.shop");
    await keeper.connections.sinks.settle();
    const tokens = places.tokens();
    expect([tokens.length, new Set(tokens).size]).toEqual([3, 3]);
    const handed = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(tokens.at(-1)).toBe(handed.accessToken);

    const [view] = await keeper.connections.sinks.list({ connectionId, userId });
    expect(view).toMatchObject({ state: "delivered", isCurrent: true, problem: null, nextDeliveryAt: null });
    expect(view?.target).toBe("rediss://cache.test/0 (ig)");
    const receipts = await keeper.connections.sinks.receipts({ id: view?.id ?? "", userId, limit: 9 });
    expect(receipts.map(({ problem }) => problem)).toEqual([null, null, null]);
    expect(JSON.stringify([view, receipts, keeper.events])).not.toMatch(/hunter2|SIMTOK/);
  });

  it("are given what a sweep renews, and Page tokens that are connected again", async () => {
    const { keeper, places } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId } = await keeper.signIn("acme.shop");
    await addSink(keeper, connectionId);
    keeper.sim.clock.advance({ days: 40 });
    await everySweep(keeper);
    await keeper.connections.sinks.settle();
    expect(places.given).toHaveLength(2);
    const { connectionId: ofPage } = await connectMaya(keeper, [NORTH]);
    await addSink(keeper, ofPage, "page");
    await connectMaya(keeper, [NORTH]);
    await keeper.connections.sinks.settle();
    expect(places.given.slice(2).map(({ message }) => message.flavour)).toEqual(["facebook", "facebook"]);
  });

  it("are tried again with a wait that doubles, up to an hour, and each attempt has a receipt", async () => {
    const { keeper, places, clock } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    places.answerWith(() => REFUSED);
    const id = await addSink(keeper, connectionId);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 14; attempt += 1) {
      const [view] = await keeper.connections.sinks.list({ connectionId, userId });
      expect(view).toMatchObject({ state: "failing", isCurrent: false, failedAttempts: attempt });
      const nextMs = view?.nextDeliveryAt?.getTime() ?? Number.NaN;
      waits.push((nextMs - clock.ms) / 1_000);
      clock.ms = nextMs - 1;
      await keeper.connections.sinks.settle();
      expect(places.given).toHaveLength(attempt);
      clock.ms = nextMs;
      await keeper.connections.sinks.settle();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]);
    expect(new Set(places.given.map(({ messageId }) => messageId))).toEqual(new Set([`${id}.1`]));
    places.answerWith(() => DONE);
    clock.ms += 3_600_000;
    await keeper.connections.sinks.settle();
    const [view] = await keeper.connections.sinks.list({ connectionId, userId });
    expect(view).toMatchObject({ state: "delivered", isCurrent: true, failedAttempts: 0 });
    expect(await keeper.connections.sinks.receipts({ id, userId, limit: 99 })).toHaveLength(16);
  });

  it("delay nobody by hanging: the refresh is done, and the other sinks have their token", async () => {
    const { keeper, places } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId } = await keeper.signIn("acme.shop");
    const hanging = Promise.withResolvers<SinkOutcome>();
    for (const key of ["slow", "quick"]) await addSink(keeper, connectionId, key);
    places.answerWith(({ sink: { settings } }) =>
      settings.kind === "redis" && settings.key === "slow" ? hanging.promise : DONE,
    );
    keeper.sim.clock.advance({ days: 2 });
    expect(await keeper.connections.refresh(forced(connectionId))).toMatchObject({ kind: "refreshed" });
    const settled = keeper.connections.sinks.settle();
    await expect
      .poll(() => keeper.connections.sinks.list({ connectionId, userId: null }), { interval: 5 })
      .toMatchObject([{ isCurrent: false }, { isCurrent: true }]);
    hanging.resolve(DONE);
    await settled;
  });

  it("end with the newer token when a swap overtakes a delivery", async () => {
    const { keeper, places } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId } = await keeper.signIn("acme.shop");
    const first = Promise.withResolvers<SinkOutcome>();
    places.answerWith(() => first.promise);
    const request = {
      id: null,
      connectionId,
      userId: null,
      origin: "web",
      name: "S",
      settings: at("k"),
    } as const;
    await keeper.connections.sinks.save(request);
    await expect.poll(() => places.given.length, { interval: 5 }).toBe(1);
    places.answerWith(() => DONE);
    keeper.sim.clock.advance({ days: 2 });
    await keeper.connections.refresh(forced(connectionId));
    expect(places.given).toHaveLength(1); // never two at once
    first.resolve(DONE);
    await keeper.connections.sinks.settle();
    const handed = await keeper.connections.handOut({ connectionId, trigger: "api" });
    expect(places.tokens().at(-1)).toBe(handed.accessToken);
    expect(places.given).toHaveLength(2);
  });

  it("are taken over from a process that died with one in hand, once its lease has lapsed", async () => {
    const { keeper, places, clock } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId } = await keeper.signIn("acme.shop");
    await addSink(keeper, connectionId);
    keeper.sim.clock.advance({ days: 2 });
    const dead = await keeper.another();
    const lost = await dead.store.claimOne({ connectionId, owner: "x", leaseMs: 0 });
    expect(lost.kind).toBe("leased");
    await keeper.connections.refresh(forced(connectionId));
    await keeper.connections.sinks.settle();
    const before = places.given.length;
    const id = (await keeper.connections.sinks.list({ connectionId, userId: null }))[0]?.id ?? "";
    await keeper.signIn("acme.shop");
    await dead.store.claimSinks({ owner: "died", leaseMs: 15_000, limit: 9 });
    await keeper.connections.sinks.settle();
    clock.ms += 15_001;
    await keeper.connections.sinks.settle();
    expect(places.given.length).toBeGreaterThan(before);
    expect((await keeper.store.findSink(id))?.nextDeliveryAt).toBeNull();
  });

  it("wait for a token that works: nothing is delivered of a dead one, nor once its connection is left", async () => {
    const { keeper, places } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    const id = await addSink(keeper, connectionId);
    keeper.sim.clock.advance({ days: 61 });
    const receipt = await keeper.connections.sinks.test({ id, userId });
    expect(receipt.problem?.code).toBe("token_expired");
    expect(places.given).toHaveLength(1);
    await keeper.signIn("acme.shop");
    await keeper.connections.sinks.settle();
    expect(places.given).toHaveLength(2);
    await keeper.connections.disconnect({ userId, connectionId });
    expect(await codeOf(keeper.connections.sinks.list({ connectionId, userId }))).toBe(
      "connection_not_found",
    );
    expect((await keeper.connections.sinks.test({ id, userId })).problem?.code).toBe("connection_not_found");
    expect(places.given).toHaveLength(2);
  });

  it("are their owner's: another's id and one that does not exist look the same", async () => {
    const { keeper } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    const other = await keeper.signIn("lena.paints");
    const id = await addSink(keeper, connectionId, "k", userId);
    const { sinks } = keeper.connections;
    for (const of of [
      { id, userId: other.userId },
      { id: "snk_missing", userId },
    ]) {
      expect(await codeOf(sinks.remove(of))).toBe("sink_not_found");
      expect(await codeOf(sinks.test(of))).toBe("sink_not_found");
      expect(await codeOf(sinks.receipts({ ...of, limit: 1 }))).toBe("sink_not_found");
    }
    const foreign = {
      id,
      connectionId: other.connectionId,
      userId: other.userId,
      origin: "web",
      name: "N",
    } as const;
    expect(await codeOf(sinks.save({ ...foreign, settings: at("k") }))).toBe("sink_not_found");
    expect(await codeOf(sinks.list({ connectionId, userId: other.userId }))).toBe("connection_not_found");
    expect(await sinks.list({ connectionId, userId })).toHaveLength(1);
    await sinks.remove({ id, userId });
    expect(await sinks.list({ connectionId, userId })).toEqual([]);
  });

  it("are at most twenty, keep their secrets sealed, and a webhook's secret is told once", async () => {
    const { keeper, places } = await openKeeper();
    await using _keeper = keeper;
    const { connectionId, userId } = await keeper.signIn("acme.shop");
    const { sinks } = keeper.connections;
    const settings = { kind: "webhook", url: "https://reader.test/hooks/secret-path" } as const;
    const request = { id: null, connectionId, userId, origin: "web", name: "Site", settings } as const;
    const { sink, webhookSecret } = await sinks.save(request);
    expect(webhookSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(sink.target).toBe("https://reader.test/…");
    const kept = await keeper.store.findSink(sink.id);
    expect(kept?.sealedSettings).toMatch(/^v1\.test\./);
    expect(() => keeper.deps.seal.open(kept?.sealedSettings ?? "", { sinkId: "snk_other" })).toThrow(
      "belongs to another",
    );
    const renamed = await sinks.save({ ...request, id: sink.id, name: "Renamed", settings: null });
    expect(renamed).toMatchObject({ webhookSecret: null, sink: { name: "Renamed", target: sink.target } });
    const moved = { ...settings, url: "https://elsewhere.test/" };
    expect((await sinks.save({ ...request, id: sink.id, settings: moved })).webhookSecret).toBeNull();
    await sinks.settle();
    expect(new Set(places.given.map((given) => given.sink.secret))).toEqual(new Set([webhookSecret]));
    for (let count = 1; count < MOST_SINKS; count += 1) await sinks.save(request);
    expect(await codeOf(sinks.save(request))).toBe("sink_limit_reached");
    await sinks.settle();
  });
});
