import { expect, it } from "vitest";
import { createClock } from "./clock.ts";
import { createPolicy, graceSeconds, type SimulatorPolicy } from "./policy.ts";

it("starts with the documented defaults", () => {
  expect(createPolicy(createClock(() => 0)).get()).toEqual({
    rotation: "keep_old",
    min_age_s: 86_400,
    lifetime_s: 5_184_000,
    short_lifetime_s: 3600,
    code_lifetime_s: 3600,
    id_as: "number",
    shape: "flat",
    scale_s_per_day: 86_400,
    app_mode: "development",
    refuse_at: "code",
    calls_per_hour: null,
    quota_total: 100,
    fb_code_lifetime_s: 600,
    fb_code_token: "short_lived",
    fb_expires_in: "present",
    fb_data_access_s: 7_776_000,
    fb_appsecret_proof: "optional",
    fb_id_as: "string",
    fb_target_ids: "always",
    fb_no_role: "error_code",
  } satisfies SimulatorPolicy);
});

it("scales time by setting the clock's rate", () => {
  const clock = createClock(() => 0);
  const policy = createPolicy(clock, { scale_s_per_day: 10 });
  expect(clock.state().rate).toBe(8640);
  clock.set({ rate: 86_400 });
  expect(policy.get().scale_s_per_day).toBe(1);
});

it("refuses unknown names and senseless values and changes nothing then", () => {
  const policy = createPolicy(createClock(() => 0));
  const bad: Record<string, unknown>[] = [
    { rotation: "sometimes" },
    { rotation: "grace:" },
    { rotation: "grace:-1" },
    { min_age_s: -1 },
    { lifetime_s: "60" },
    { id_as: "bigint" },
    { shape: "round" },
    { scale_s_per_day: 0 },
    { calls_per_hour: "many" },
    { minAge: 3 },
    { toString: 1 },
  ];
  for (const change of bad) {
    expect(() => policy.set({ quota_total: 7, ...change })).toThrow(
      expect.objectContaining({ code: "invalid_input" }),
    );
  }
  expect(policy.get().quota_total).toBe(100);
});

it("reads a grace period off the rotation", () => {
  expect([graceSeconds("grace:30"), graceSeconds("grace:0.5"), graceSeconds("keep_old")]).toEqual([
    30,
    0.5,
    undefined,
  ]);
});
