import { describe, expect, it } from "vitest";

import { CLOCK_TOLERANCE_MS, compareClocks } from "./clock-skew.ts";
import { createInstagramLogin } from "./instagram-login.ts";
import { rawAnswer, startFaultServer } from "./testing/fault-server.ts";
import { errorOf, openTestLogin, TEST_APP, TEST_NOW, TEST_TOKEN } from "./testing/open-test-login.ts";
import { createTransport } from "./transport.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LIFE_S = 5_183_944;

/** The instant of the server's `Date` header in every test here. */
const SERVER_NOW = TEST_NOW;
const HEADERS = { date: SERVER_NOW.toUTCString() };

const after = (ms: number): Date => new Date(SERVER_NOW.getTime() + ms);

/** A call by our clock, in milliseconds after the server's `Date`. */
function call(sentMs: number, receivedMs: number, elapsedMs = 200) {
  return compareClocks(HEADERS, { sentAt: after(sentMs), receivedAt: after(receivedMs), elapsedMs });
}

describe("comparing our clock with the server's", () => {
  it.each([0, 4 * MINUTE_MS, -4 * MINUTE_MS, CLOCK_TOLERANCE_MS - 200, -CLOCK_TOLERANCE_MS - 200])(
    "CK-01 a clock that is off by %i ms counts as right",
    (offsetMs) => {
      expect(call(offsetMs, offsetMs + 200)).toEqual({ asOf: after(offsetMs), skewMs: 0 });
    },
  );

  it.each([HOUR_MS, DAY_MS, 60 * DAY_MS, CLOCK_TOLERANCE_MS + 1])(
    "CK-02 a clock ahead by %i ms is known, and the server's time minus the call's length counts",
    (offsetMs) => {
      expect(call(offsetMs, offsetMs + 200)).toEqual({ asOf: after(-200), skewMs: offsetMs });
    },
  );

  it.each([HOUR_MS, DAY_MS, 60 * DAY_MS])("CK-02 a clock behind by %i ms likewise", (offsetMs) => {
    expect(call(-offsetMs - 200, -offsetMs)).toEqual({ asOf: after(-200), skewMs: -offsetMs });
  });

  it("CK-01 a slow answer is no skew, whenever the server wrote its date", () => {
    const slowMs = 10 * MINUTE_MS;
    for (const sentMs of [-slowMs, -slowMs / 2]) {
      const comparison = call(sentMs, sentMs + slowMs, slowMs);
      expect(comparison).toEqual({ asOf: after(sentMs), skewMs: 0 });
    }
    // written at once and long under way: it may as well have been written late, by a clock behind ours
    expect(call(0, slowMs, slowMs)).toEqual({ asOf: after(-slowMs), skewMs: 0 });
  });

  it("CK-02 a clock that runs 8640 times as fast is not wrong, and its calls are long ones", () => {
    expect(call(-DAY_MS, 1000, 10 * SECOND_MS)).toEqual({ asOf: after(-DAY_MS), skewMs: 0 });
    const behind = call(-3 * DAY_MS, -2 * DAY_MS, 10 * SECOND_MS);
    expect(behind).toEqual({ asOf: after(-DAY_MS), skewMs: -2 * DAY_MS });
  });

  it("CK-02 a jump during the call never gives an instant after the token can have been issued", () => {
    // the world's clock is moved while the answer is held, or before the request is read: nobody can tell which
    expect(call(-60 * DAY_MS, 0)).toEqual({ asOf: after(-60 * DAY_MS), skewMs: 0 });
    // ours was ahead and is set right meanwhile
    expect(call(60 * DAY_MS, 0)).toEqual({ asOf: after(-200), skewMs: 0 });
    // the same while ours is ahead, by less than the call seems to last
    expect(call(-48 * DAY_MS, 2 * DAY_MS)).toEqual({ asOf: after(-50 * DAY_MS), skewMs: 0 });
    // ours was right and goes wrong meanwhile
    expect(call(0, DAY_MS)).toEqual({ asOf: after(-DAY_MS), skewMs: 0 });
    expect(call(-200, -DAY_MS)).toEqual({ asOf: after(-200), skewMs: 0 });
    // ours was wrong and goes wrong the other way
    expect(call(3 * DAY_MS, 2 * DAY_MS)).toEqual({ asOf: after(-200), skewMs: 2 * DAY_MS });
    expect(call(2 * DAY_MS, 3 * DAY_MS)).toEqual({ asOf: after(-DAY_MS), skewMs: 2 * DAY_MS });
  });

  it("CK-02 a strobing clock never gives an instant in the future, nor one before the call (1000 pairs)", () => {
    const offsets = [0, HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS, 60 * DAY_MS, -60 * DAY_MS];
    for (let round = 0; round < 1000; round += 1) {
      const sentMs = (offsets[round % 7] ?? 0) - (round % 11) * SECOND_MS;
      const receivedMs = (offsets[(round * 3 + 1) % 7] ?? 0) + (round % 13) * SECOND_MS;
      const { asOf } = call(sentMs, receivedMs, (round % 11) * SECOND_MS);
      expect(asOf.getTime()).toBeLessThanOrEqual(SERVER_NOW.getTime() + CLOCK_TOLERANCE_MS);
      expect(asOf.getTime()).toBeGreaterThanOrEqual(SERVER_NOW.getTime() - 121 * DAY_MS);
    }
  });

  it.each([
    undefined,
    "",
    "soon",
    "2026-06-01T12:00:00Z",
    "Mon, 32 Jun 2026 12:00:00 GMT",
    "Mon, 01 Jun 2026 12:00:00 +0200",
    "Mon, 01 Jun 2026 12:00:00 GMT, Mon, 01 Jun 2026 12:00:00 GMT",
    "1780315200",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
  ])("CK-01 the Date header %j is ignored", (date) => {
    const headers: Record<string, string> = date === undefined ? {} : { date };
    const times = { sentAt: after(HOUR_MS), receivedAt: after(HOUR_MS), elapsedMs: 0 };
    expect(compareClocks(headers, times)).toEqual({ asOf: after(HOUR_MS), skewMs: 0 });
  });
});

/** A login whose clock is off by `offsetMs`, against a server whose calls take `latencyMs`. */
function openSkewed(
  offsetMs: number,
  options: { latencyMs?: number; answer?: object; status?: number } = {},
) {
  const { latencyMs = 0, answer = { access_token: "IGAAlong2", expires_in: LIFE_S }, status = 200 } = options;
  const skews: number[] = [];
  let clockMs = SERVER_NOW.getTime() + offsetMs - latencyMs;
  const { login } = openTestLogin(
    () => {
      clockMs += latencyMs;
      return { status, json: answer, headers: { Date: SERVER_NOW.toUTCString() } };
    },
    () => new Date(clockMs),
    (skewMs) => skews.push(skewMs),
  );
  return { login, skews };
}

describe("a token got while our clock is wrong", () => {
  const OFFSETS = [HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS, 60 * DAY_MS, -60 * DAY_MS];

  it.each(OFFSETS)(
    "CK-02 is stored with its true expiry, a little early, at an offset of %i ms",
    async (offsetMs) => {
      const { login, skews } = openSkewed(offsetMs, { latencyMs: 30 * SECOND_MS });
      const trueEndMs = SERVER_NOW.getTime() - 30 * SECOND_MS + LIFE_S * 1000;
      for (const token of [
        await login.refreshLongLivedToken(TEST_TOKEN),
        await login.exchangeForLongLivedToken(TEST_TOKEN),
      ]) {
        expect(token.expiresAt.getTime()).toBeLessThanOrEqual(trueEndMs);
        expect(token.expiresAt.getTime()).toBeGreaterThan(trueEndMs - 10 * MINUTE_MS);
        expect(token.issuedAt.getTime()).toBeLessThanOrEqual(SERVER_NOW.getTime());
      }
      expect(skews).toHaveLength(2);
      expect(Math.abs((skews[0] ?? 0) - offsetMs)).toBeLessThanOrEqual(30 * SECOND_MS);
    },
  );

  it.each(OFFSETS)("CK-02 a short-lived one too, at an offset of %i ms", async (offsetMs) => {
    const { login } = openSkewed(offsetMs, { answer: { access_token: "IGAAabc" } });
    const token = await login.exchangeCode({ code: "AQB", redirectUri: "https://app.example.com/cb" });
    const lifeMs = token.expiresAt.getTime() - SERVER_NOW.getTime();
    expect(lifeMs).toBeGreaterThan(50 * MINUTE_MS);
    expect(lifeMs).toBeLessThan(60 * MINUTE_MS);
  });

  it.each([5, 4, 1, -1, -4, -5])(
    "CK-01 dies unseen at no offset within the tolerance: %i minutes",
    async (minutes) => {
      const { login, skews } = openSkewed(minutes * MINUTE_MS, { latencyMs: 30 * SECOND_MS });
      const { expiresAt } = await login.refreshLongLivedToken(TEST_TOKEN);
      expect(expiresAt.getTime()).toBeLessThanOrEqual(SERVER_NOW.getTime() + LIFE_S * 1000);
      expect(skews).toEqual([]);
    },
  );
});

describe("onClockSkew", () => {
  it("CK-02 hears of every answer that shows it, refusals included, before the call ends", async () => {
    const { login, skews } = openSkewed(DAY_MS, { status: 400, answer: { error: { code: 2, message: "" } } });
    for (let calls = 1; calls <= 3; calls += 1) {
      await errorOf(login.probeToken(TEST_TOKEN));
      expect(skews).toEqual(Array.from({ length: calls }, () => DAY_MS));
    }
  });

  it("CK-02 hears nothing while the clock is right", async () => {
    const { login, skews } = openSkewed(0);
    await login.refreshLongLivedToken(TEST_TOKEN);
    expect(skews).toEqual([]);
  });

  it("does not cost the token when it throws", async () => {
    const login = createInstagramLogin({
      app: TEST_APP,
      now: () => after(DAY_MS),
      transport: async () => ({ status: 200, headers: HEADERS, body: '{"access_token":"IGAAlong2"}' }),
      onClockSkew: () => {
        throw new RangeError("not this one");
      },
    });
    expect((await login.refreshLongLivedToken(TEST_TOKEN)).value).toBe("IGAAlong2");
  });

  it("CK-02 reads the Date header of a real connection", async () => {
    await using server = await startFaultServer((socket) => socket.write(rawAnswer(200, "{}", HEADERS)));
    await using transport = createTransport();
    const skews: number[] = [];
    const login = createInstagramLogin({
      app: TEST_APP,
      origins: { graph: server.origin },
      transport,
      now: () => after(-2 * HOUR_MS),
      onClockSkew: (skewMs) => skews.push(skewMs),
    });
    await errorOf(login.refreshLongLivedToken(TEST_TOKEN));
    expect(skews).toEqual([-2 * HOUR_MS]);
  });
});

describe("what else is told by the server's clock", () => {
  it("CK-02 a token is too young by its true age, whatever our clock says", async () => {
    const answer = { error: { code: 100, message: "Something new" } };
    const issuedAt = after(-20 * HOUR_MS);
    const { login } = openSkewed(10 * DAY_MS, { status: 400, answer });
    const error = await errorOf(login.refreshLongLivedToken({ ...TEST_TOKEN, issuedAt }));
    expect(error.code).toBe("token_too_young");
    expect(Math.round((error.retryAfterMs ?? 0) / MINUTE_MS)).toBe(240);
  });

  it("CK-02 UP-04 a Retry-After that is a date is as far away as the server meant it", async () => {
    const headers = { ...HEADERS, "retry-after": after(2 * MINUTE_MS).toUTCString() };
    const { login } = openTestLogin(
      () => ({ status: 429, headers, text: "" }),
      () => after(-3 * DAY_MS),
    );
    expect((await errorOf(login.refreshLongLivedToken(TEST_TOKEN))).retryAfterMs).toBeLessThan(3 * MINUTE_MS);
  });
});
