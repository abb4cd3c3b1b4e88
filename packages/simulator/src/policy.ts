import type { Clock } from "./clock.ts";
import { SimulatorError } from "./simulator-error.ts";

/**
 * How this Instagram behaves where the real one leaves room or where a test needs it changed. Times are virtual
 * seconds. Names are those of the JSON sent to `POST /__sim/policy`.
 */
export type SimulatorPolicy = {
  /**
   * What a refresh does with the token it was given: leave it valid, answer with the same string, keep it for so many
   * seconds, or end it at once.
   */
  rotation: "keep_old" | "same_token" | "revoke_old" | `grace:${number}`;
  /** Youngest age at which a long-lived token may be refreshed. */
  min_age_s: number;
  /** Life of a long-lived token. */
  lifetime_s: number;
  /** Life of a short-lived token. */
  short_lifetime_s: number;
  /** Life of an authorization code. */
  code_lifetime_s: number;
  /** Ids as bare JSON numbers above 2^53, or as strings. */
  id_as: "number" | "string";
  /** Shape of the code exchange's answer; `docs` also wraps `/me` in `{"data":[…]}`. */
  shape: "flat" | "data0" | "docs";
  /** Real seconds that stand for one virtual day: another way to set the clock's rate. */
  scale_s_per_day: number;
  /** In development only accounts with an accepted tester role may use the app. */
  app_mode: "development" | "live";
  /** The step at which personal accounts and accounts without a tester role are turned away. */
  refuse_at: "authorize" | "code" | "graph";
  /** Calls the whole app may make per rolling hour before `(#4)`; null: usage headers only, no refusals. */
  calls_per_hour: number | null;
  /** Posts per day that `content_publishing_limit` names. */
  quota_total: number;
  /** Life of an authorization code of Facebook's. */
  fb_code_lifetime_s: number;
  /** What Facebook gives for a code: usually a token of an hour or two, at some apps at once one of 60 days. */
  fb_code_token: "short_lived" | "long_lived";
  /** Whether Facebook says how long a token lives. */
  fb_expires_in: "present" | "missing";
  /** How long an app may read a person's data after their last coming by. */
  fb_data_access_s: number;
  /** Whether graph calls of people's and Pages' tokens need `appsecret_proof`; a wrong one is refused either way. */
  fb_appsecret_proof: "optional" | "required";
  /** Ids of `/debug_token` as strings, or as bare JSON numbers. */
  fb_id_as: "string" | "number";
  /** Whether `granular_scopes` names targets even when the person shared everything. */
  fb_target_ids: "always" | "limited_only";
  /** What a person without a role in an app under development brings back: 901, or what a refusal looks like. */
  fb_no_role: "error_code" | "access_denied";
};

export type PolicyStore = {
  /** The policy as it stands; treat as read-only. */
  readonly current: Readonly<Omit<SimulatorPolicy, "scale_s_per_day">>;
  get(): SimulatorPolicy;
  /** @throws {SimulatorError} `invalid_input` naming the first setting that makes no sense; nothing is changed then. */
  set(change: Partial<SimulatorPolicy>): void;
};

const SECONDS_PER_DAY = 86_400;

const DEFAULT_POLICY: Omit<SimulatorPolicy, "scale_s_per_day"> = {
  rotation: "keep_old",
  min_age_s: SECONDS_PER_DAY,
  lifetime_s: 60 * SECONDS_PER_DAY,
  short_lifetime_s: 3600,
  code_lifetime_s: 3600,
  id_as: "number",
  shape: "flat",
  app_mode: "development",
  refuse_at: "code",
  calls_per_hour: null,
  quota_total: 100,
  fb_code_lifetime_s: 600,
  fb_code_token: "short_lived",
  fb_expires_in: "present",
  fb_data_access_s: 90 * SECONDS_PER_DAY,
  fb_appsecret_proof: "optional",
  fb_id_as: "string",
  fb_target_ids: "always",
  fb_no_role: "error_code",
};

const isAmount = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const oneOf =
  (...names: string[]) =>
  (value: unknown) =>
    names.includes(String(value));

const CHECKS: Record<keyof SimulatorPolicy, (value: unknown) => boolean> = {
  rotation: (value) =>
    oneOf("keep_old", "same_token", "revoke_old")(value) || graceSeconds(String(value)) !== undefined,
  min_age_s: isAmount,
  lifetime_s: isAmount,
  short_lifetime_s: isAmount,
  code_lifetime_s: isAmount,
  id_as: oneOf("number", "string"),
  shape: oneOf("flat", "data0", "docs"),
  scale_s_per_day: (value) => isAmount(value) && value !== 0,
  app_mode: oneOf("development", "live"),
  refuse_at: oneOf("authorize", "code", "graph"),
  calls_per_hour: (value) => value === null || isAmount(value),
  quota_total: isAmount,
  fb_code_lifetime_s: isAmount,
  fb_code_token: oneOf("short_lived", "long_lived"),
  fb_expires_in: oneOf("present", "missing"),
  fb_data_access_s: isAmount,
  fb_appsecret_proof: oneOf("optional", "required"),
  fb_id_as: oneOf("string", "number"),
  fb_target_ids: oneOf("always", "limited_only"),
  fb_no_role: oneOf("error_code", "access_denied"),
};

/** `changed` is called after every change. */
export function createPolicy(
  clock: Clock,
  initial: Partial<SimulatorPolicy> = {},
  changed: () => void = () => undefined,
): PolicyStore {
  const current = { ...DEFAULT_POLICY };
  const store: PolicyStore = {
    current,
    get: () => ({ ...current, scale_s_per_day: SECONDS_PER_DAY / clock.state().rate }),
    set(change) {
      for (const [name, value] of Object.entries(change)) {
        const isSensible = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof SimulatorPolicy] : undefined;
        if (isSensible === undefined) {
          throw new SimulatorError("invalid_input", `There is no policy named "${name}".`);
        }
        if (!isSensible(value)) {
          throw new SimulatorError("invalid_input", `The policy "${name}" cannot have this value.`);
        }
      }
      const { scale_s_per_day: scale, ...rest } = change;
      Object.assign(current, rest);
      if (scale !== undefined) clock.set({ rate: SECONDS_PER_DAY / scale });
      changed();
    },
  };
  store.set(initial);
  return store;
}

/** Seconds of a `grace:30` rotation; undefined for every other text. */
export function graceSeconds(rotation: string): number | undefined {
  if (!rotation.startsWith("grace:")) return undefined;
  const text = rotation.slice("grace:".length);
  const seconds = Number(text);
  return text !== "" && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
