import { percentEncodeAll } from "../http/form.ts";
import { headerOf, type Reply } from "../http/reply.ts";
import type { FlavourName } from "../endpoint.ts";
import type { FaultEffect } from "./effect.ts";
import type { Settings } from "./settings.ts";

type Answer = { fields: [string, string][]; fragment: string; flavour: FlavourName };

const DENIAL: Record<FlavourName, [string, string][]> = {
  ig: [
    ["error", "access_denied"],
    ["error_reason", "user_denied"],
    ["error_description", "The user denied your request"],
  ],
  fb: [
    ["error", "access_denied"],
    ["error_code", "200"],
    ["error_description", "Permissions error"],
    ["error_reason", "user_denied"],
  ],
};

const without = (fields: Answer["fields"], ...names: string[]) =>
  fields.filter(([name]) => !names.includes(name));

/** Ways in which the answer to an authorization request arrives spoilt. */
const VARIANTS = {
  denial: ({ fields, ...rest }: Answer): Answer => ({
    ...rest,
    fields: [...DENIAL[rest.flavour], ...without(fields, "code")],
    fragment: "",
  }),
  /** Only a number and a sentence, as Facebook says that the app is in development. */
  error_code: ({ fields, ...rest }: Answer): Answer => ({
    ...rest,
    fields: [
      ["error_code", "901"],
      ["error_message", "This app is in sandbox mode."],
      ...without(fields, "code"),
    ],
  }),
  bare_error: (answer: Answer): Answer => ({ ...answer, fields: [["error", "access_denied"]], fragment: "" }),
  no_state: (answer: Answer): Answer => ({ ...answer, fields: without(answer.fields, "state") }),
  altered_state: (answer: Answer): Answer => ({
    ...answer,
    fields: answer.fields.map(([name, value]) => [name, name === "state" ? `${value}x` : value]),
  }),
  double_encoded: (answer: Answer): Answer => ({
    ...answer,
    fields: answer.fields.map(([name, value]) => [name, percentEncodeAll(value)]),
  }),
  repeated: (answer: Answer): Answer => ({ ...answer, fields: [...answer.fields, ...answer.fields] }),
  extra_iss: (answer: Answer): Answer => ({
    ...answer,
    fields: [...answer.fields, ["iss", "https://www.instagram.com"]],
  }),
  no_fragment: (answer: Answer): Answer => ({ ...answer, fragment: "" }),
  fragment_in_code: (answer: Answer): Answer => ({
    ...answer,
    fields: answer.fields.map(([name, value]) => [
      name,
      name === "code" ? `${value}${answer.fragment}` : value,
    ]),
    fragment: "",
  }),
  code_and_error: (answer: Answer): Answer => ({
    ...answer,
    fields: [...answer.fields, ...DENIAL[answer.flavour]],
  }),
  no_code: (answer: Answer): Answer => ({ ...answer, fields: without(answer.fields, "code") }),
} as const;

/** F24: a spoilt redirect back to the app. Fires when a person has decided, not when the page is shown. */
export function authorize(settings: Settings): FaultEffect {
  const names = Object.keys(VARIANTS).filter((name): name is keyof typeof VARIANTS =>
    Object.hasOwn(VARIANTS, name),
  );
  const variant = settings.oneOf("variant", names, "denial");
  return {
    appliesTo: (call) => call.method === "POST",
    rewrite: (reply, { flavour }) => rewriteRedirect(reply, flavour, VARIANTS[variant]),
  };
}

function rewriteRedirect(reply: Reply, flavour: FlavourName, change: (answer: Answer) => Answer): Reply {
  const location = headerOf(reply, "location");
  if (location === undefined) return reply;
  const url = new URL(location);
  const answer = change({ fields: [...url.searchParams], fragment: url.hash, flavour });
  const query = new URLSearchParams(answer.fields).toString();
  const next = `${url.origin}${url.pathname}?${query}${answer.fragment}`;
  return { ...reply, headers: reply.headers.map((value) => (value === location ? next : value)) };
}
