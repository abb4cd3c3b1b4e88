import type { Reply } from "../http/reply.ts";
import type { FaultContext, FaultEffect } from "./effect.ts";
import { changeFields } from "./field-fault.ts";
import type { Settings } from "./settings.ts";

type Entry = Record<string, unknown>;

const without = (name: string) => (entry: Entry) => {
  const { [name]: _gone, ...rest } = entry;
  return rest;
};

/** What may be wrong with a list of Pages. */
const PAGE_LISTS = {
  none: () => [],
  no_instagram: (entries: Entry[]) => entries.map(without("instagram_business_account")),
  null_instagram: (entries: Entry[]) =>
    entries.map((entry) => ({ ...entry, instagram_business_account: null })),
  null_token: (entries: Entry[]) => entries.map((entry) => ({ ...entry, access_token: null })),
  no_token: (entries: Entry[]) => entries.map(without("access_token")),
  no_tasks: (entries: Entry[]) => entries.map(without("tasks")),
} as const;

/** F33: a list of Pages that is empty, or in which something is missing. */
export function pages(settings: Settings): FaultEffect {
  const variant = settings.oneOf("variant", namesOf(PAGE_LISTS), "none");
  return {
    appliesTo: ({ path }) => /\/(accounts|owned_pages|client_pages)$/.test(path),
    rewrite: (reply) => rewriteGranted(reply, (body) => changeEntries(body, PAGE_LISTS[variant])),
  };
}

/** Rewrites the entries of `{"data":[…]}`; every id in it is a string. */
function changeEntries(body: string, change: (entries: Entry[]) => unknown[]): string {
  const answer = JSON.parse(body) as { data?: unknown };
  if (!Array.isArray(answer.data)) return body;
  const data = change(answer.data as Entry[]);
  return JSON.stringify(data.length === 0 ? { data } : { ...answer, data });
}

type Change = { set?: Record<string, string>; remove?: string[] };

/** What may be wrong with a token that is looked into. */
const INSPECTIONS = {
  data_access_past: ({ world }: FaultContext): Change => ({
    set: { data_access_expires_at: String(Math.floor(world.clock.nowMs() / 1000) - 86_400) },
  }),
  other_app: ({ world }: FaultContext): Change => ({
    set: { app_id: JSON.stringify(world.facebook.foreignApp.clientId) },
  }),
  no_end: (): Change => ({ set: { expires_at: "0", data_access_expires_at: "0" } }),
  invalid: (): Change => ({
    set: { error: '{"code":190,"message":"Invalid OAuth access token."}', is_valid: "false" },
  }),
  no_granular_scopes: (): Change => ({ remove: ["granular_scopes"] }),
  no_user_id: (): Change => ({ remove: ["user_id"] }),
} as const;

/** F33: `/debug_token` that says something else of the token than is true. */
export function debug(settings: Settings): FaultEffect {
  const variant = settings.oneOf("variant", namesOf(INSPECTIONS), "data_access_past");
  return {
    appliesTo: ({ path }) => path.endsWith("/debug_token"),
    rewrite(reply, context) {
      const { set = {}, remove = [] }: Change = INSPECTIONS[variant](context);
      return rewriteGranted(reply, (body) => changeFields(body, new Map(Object.entries(set)), remove));
    },
  };
}

function rewriteGranted(reply: Reply, change: (body: string) => string): Reply {
  return reply.refusal === undefined ? { ...reply, body: change(String(reply.body)) } : reply;
}

function namesOf<Name extends string>(variants: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(variants).filter((name): name is Name => Object.hasOwn(variants, name));
}
