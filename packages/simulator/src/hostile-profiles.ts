import { SimulatorError } from "./simulator-error.ts";

const VARIANTS = {
  script: `"><script>document.title="executed"</script><img src=x onerror="document.title='executed'">`,
  template: "{{constructor.constructor('return 1')()}} ${7*7} <%= 7*7 %> #{7*7} %s %n",
  rtl: "\u202Egnp.exe\u202C \u2067שלום\u2069 مرحبا",
  emoji: "👩🏽‍🚀🏳️‍🌈👨‍👩‍👧‍👦\u200D\uFE0F e\u0301\u0302\u0303\u0304\u0305",
  nul: "before\u0000after\u0007\u001B[31mred\u001B[0m\r\nX-Injected: yes",
  long: "Ünbelievably long ".repeat(600).slice(0, 10_240),
} as const;

/** Which hostile text a profile carries. */
export type ProfileVariant = keyof typeof VARIANTS;

/**
 * Profile texts that break careless code: they reach username, name and biography alike.
 *
 * @throws {SimulatorError} `invalid_input` for a variant that does not exist.
 */
export function hostileProfile(variant: ProfileVariant): {
  username: string;
  name: string;
  biography: string;
  website: string;
} {
  if (!Object.hasOwn(VARIANTS, variant)) {
    const known = Object.keys(VARIANTS).join(", ");
    throw new SimulatorError("invalid_input", `There is no such profile variant; there are: ${known}.`);
  }
  const text = VARIANTS[variant];
  return {
    username: text,
    name: text,
    biography: text,
    website: `javascript:alert(${JSON.stringify(text)})`,
  };
}
