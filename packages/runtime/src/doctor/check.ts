/**
 * `green`: as it should be. `amber`: it works, and somebody should look at it. `red`: it does not work, or will
 * not. `unchecked`: nobody can say from here and now.
 */
export type CheckLevel = "green" | "amber" | "red" | "unchecked";

/** The parts of an installation that are looked at, in this order. */
export const CHECK_GROUPS = [
  "settings",
  "secrets",
  "database",
  "keys",
  "instagram",
  "scopes",
  "clock",
  "redirects",
  "callbacks",
  "schedule",
  "workers",
  "connections",
] as const;

/** One of {@link CHECK_GROUPS}. */
export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** One thing that was looked at. Names no secret, and no address that holds one. */
export type Check = {
  /** Stable: the group, and what was looked at. */
  id: `${CheckGroup}.${string}`;
  group: CheckGroup;
  level: CheckLevel;
  /** What was found, in a sentence. */
  message: string;
  /** What to do about it; null where there is nothing to do. */
  cure: string | null;
  /** What has to be copied somewhere character by character; null where there is nothing to copy. */
  copy: string | null;
};

/** Makes the checks of one group. */
export function checksOf(group: CheckGroup) {
  const make =
    (level: CheckLevel) =>
    (name: string, message: string, cure: string | null = null, copy: string | null = null): Check => ({
      id: `${group}.${name}`,
      group,
      level,
      message,
      cure,
      copy,
    });
  return { green: make("green"), amber: make("amber"), red: make("red"), unchecked: make("unchecked") };
}
