import type { SinkKind, SinkSettings } from "../../lib/trpc.ts";

/** The kinds that a form sets up. */
export type FormKind = Exclude<SinkKind["kind"], "command">;

/** A line of a form. */
export type SinkField = {
  name: string;
  label: string;
  hint: string | null;
  /** Never shown again, nor while it is typed. */
  isSecret?: boolean;
  isOptional?: boolean;
};

const KEY: SinkField = { name: "key", label: "Key", hint: "Such as instagram:token." };

/** What each kind is told. */
export const FIELDS: Record<FormKind, readonly SinkField[]> = {
  webhook: [{ name: "url", label: "Address", hint: "Such as https://example.org/hooks/token." }],
  redis: [
    {
      name: "url",
      label: "Address with user and password",
      hint: "Such as rediss://user:password@redis.example.org:6379/0. It is not shown while you type, nor ever again.",
      isSecret: true,
    },
    KEY,
    {
      name: "field",
      label: "Field of a hash",
      hint: "Only where the key is a hash. It does not end with the token then.",
      isOptional: true,
    },
  ],
  upstash: [
    {
      name: "url",
      label: "Address",
      hint: "UPSTASH_REDIS_REST_URL, such as https://eu1-example.upstash.io.",
    },
    {
      name: "token",
      label: "REST token",
      hint: "UPSTASH_REDIS_REST_TOKEN, the one that may write.",
      isSecret: true,
    },
    KEY,
  ],
  env_file: [
    { name: "path", label: "File", hint: "Its path in a folder that is open to this site." },
    { name: "key", label: "Variable", hint: "Such as INSTAGRAM_TOKEN." },
  ],
  json_file: [
    { name: "path", label: "File", hint: "Its path in a folder that is open to this site." },
    { name: "token", label: "Place of the token", hint: "Such as instagram.token or /instagram/token." },
    { name: "expiresAt", label: "Place of its end", hint: null, isOptional: true },
    { name: "accountId", label: "Place of the account’s id", hint: null, isOptional: true },
  ],
};

/** Kinds that hold either all that is delivered as JSON, or the bare token. */
export function hasFormat(kind: FormKind): boolean {
  return kind === "redis" || kind === "upstash";
}

const PROTOCOLS: Partial<Record<FormKind, readonly string[]>> = {
  webhook: ["https:", "http:"],
  redis: ["rediss:", "redis:"],
  upstash: ["https:", "http:"],
};
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** What is wrong with a line, in a sentence that never repeats it; null when it may be sent. */
export function fieldProblem(kind: FormKind, field: SinkField, text: string): string | null {
  if (text.trim() === "") return field.isOptional === true ? null : "This has to be filled in.";
  const protocols = PROTOCOLS[kind];
  if (field.name === "url" && protocols !== undefined) {
    const isGood = URL.canParse(text.trim()) && protocols.includes(new URL(text.trim()).protocol);
    if (!isGood) return `An address begins with ${protocols.map((name) => `${name}//`).join(" or ")}.`;
  }
  if (kind === "env_file" && field.name === "key" && !VARIABLE.test(text.trim()))
    return "A variable has letters, digits and underscores, and begins with no digit.";
  return null;
}

/** The settings that the lines of a form make. */
export function settingsOf(
  kind: FormKind,
  text: (name: string) => string,
  format: "json" | "token",
): SinkSettings {
  const given = (name: string): string => text(name).trim();
  const optional = (name: string): string | null => given(name) || null;
  switch (kind) {
    case "webhook":
      return { kind, url: given("url") };
    case "redis":
      return { kind, url: given("url"), key: given("key"), field: optional("field"), format };
    case "upstash":
      return { kind, url: given("url"), token: given("token"), key: given("key"), format };
    case "env_file":
      return { kind, path: given("path"), key: given("key") };
    case "json_file":
      return {
        kind,
        path: given("path"),
        token: given("token"),
        expiresAt: optional("expiresAt"),
        accountId: optional("accountId"),
      };
  }
}
