import type { AttemptStep } from "@perennial/connections";
import { textOfReason, type InstagramOperation } from "@perennial/instagram";

/** A fault as the simulator takes it. */
export type ReplayedFault = {
  at: string;
  do: string;
  with?: Record<string, unknown>;
  match?: { nth: number };
  times?: number;
};

type Point = { at: string; nth?: number };

/** Where in the simulator a call arrives. Two calls ask `me` side by side: whose account it is comes first. */
const POINTS: Readonly<Record<InstagramOperation, Point>> = {
  exchange_code: { at: "code" },
  exchange_for_long_lived_token: { at: "exchange" },
  refresh_long_lived_token: { at: "refresh" },
  fetch_profile: { at: "me", nth: 1 },
  fetch_profile_details: { at: "me", nth: 2 },
  fetch_recent_media: { at: "media" },
  fetch_publishing_quota: { at: "quota" },
  probe_token: { at: "me", nth: 1 },
  inspect_token: { at: "debug" },
  fetch_pages: { at: "pages" },
  fetch_permissions: { at: "permissions" },
  revoke: { at: "revoke" },
  check_credentials: { at: "code" },
};

/** Whether a call of this name can be played again. */
export function isReplayable(operation: string): operation is InstagramOperation {
  return Object.hasOwn(POINTS, operation);
}

/** The fault that makes a call fail again as it failed; null for one that went well. */
export function faultOfStep(step: AttemptStep, flavour: "instagram" | "facebook"): ReplayedFault | null {
  if (step.errorCode === null) return null;
  if (step.reason === "not_reached") return { at: "tcp", do: "tcp_refuse" };
  const { at, nth } = POINTS[step.operation];
  const where = { at, ...(nth === undefined ? { times: 1 } : { match: { nth } }) };
  return { ...where, ...effectOf(step, flavour) };
}

function effectOf(step: AttemptStep, flavour: "instagram" | "facebook"): Pick<ReplayedFault, "do" | "with"> {
  const { httpStatus: status, reason, metaCode, metaSubcode } = step;
  if (status === null) return { do: "reset", with: { point: "after" } };
  if (reason === "redirected") return { do: "redirect", with: { status } };
  if (reason === "answer_incomplete") return { do: "junk", with: { kind: "empty_object", status } };
  const message = reason === null ? null : textOfReason(reason, flavour);
  if (metaCode === null && message === null) return { do: "html", with: { status } };
  // The code exchange of Instagram words its errors by itself: their code only repeats the status.
  const isOfCodeExchange = flavour === "instagram" && step.operation === "exchange_code";
  return {
    do: "graph_error",
    with: {
      status,
      ...(metaCode === null ? {} : { code: metaCode }),
      ...(metaSubcode === null ? {} : { sub: metaSubcode }),
      ...(message === null ? {} : { message }),
      ...(isOfCodeExchange ? { envelope: "oauth" } : {}),
    },
  };
}
