import { hostileProfile, type ProfileVariant } from "./hostile-profiles.ts";
import type { Random } from "./random.ts";
import { SimulatorError } from "./simulator-error.ts";

/** What kind of Instagram account a person has, as the wire spells it. */
export type AccountType = "BUSINESS" | "MEDIA_CREATOR" | "PERSONAL";

/** One post of a simulated account. */
export type SimulatedMedia = {
  id: string;
  mediaType: "IMAGE" | "VIDEO" | "CAROUSEL_ALBUM";
  /** Null when the post has none; the field is then absent from answers. */
  caption: string | null;
  postedAt: Date;
  /** Ids of a carousel's items. */
  childIds?: string[];
};

/** One Instagram account that a developer or a test can play. */
export type SimulatedUser = {
  /** How tests and switches name this person; never sent to an app. */
  key: string;
  username: string;
  /** Null when the account has no name; the field is then absent from answers. */
  name: string | null;
  accountType: AccountType;
  /** The professional account id (`user_id` of `/me`), usually `17841…`. */
  professionalId: string;
  /** The app-scoped id (`id` of `/me`, `user_id` of the code exchange). */
  appScopedId: string;
  /** Whether the account accepted a tester role of the app. */
  hasTesterRole: boolean;
  biography: string | null;
  website: string | null;
  followersCount: number;
  followsCount: number;
  /** Posts published through the API in the last 24 hours. */
  publishedToday: number;
  media: SimulatedMedia[];
  /** The part this person plays, shown on the consent page. */
  part: string;
};

/** A person to add: everything that is left out is filled in. */
export type NewSimulatedUser = Partial<SimulatedUser> & {
  /** Gives the profile hostile texts: script, template, right-to-left, emoji, NUL, 10 kB. */
  variant?: ProfileVariant;
};

/** A person as the state file holds them: with those who left, since tokens and codes still speak of them. */
export type SavedPerson = SimulatedUser & { isRemoved: boolean };

export type People = {
  list(): SimulatedUser[];
  find(key: string): SimulatedUser | undefined;
  /** @throws {SimulatorError} `unknown_user` when nobody has this key. */
  get(key: string): SimulatedUser;
  findByProfessionalId(id: string): SimulatedUser | undefined;
  /** @throws {SimulatorError} `invalid_input` for ids that are not digits or that somebody has already. */
  add(user: NewSimulatedUser): SimulatedUser;
  /** @throws {SimulatorError} `unknown_user` when nobody has this key. */
  change(
    key: string,
    change: Partial<Pick<SimulatedUser, "username" | "accountType" | "hasTesterRole">>,
  ): void;
  /** Forgets the account; its tokens are no concern of this list. */
  remove(key: string): SimulatedUser;
  export(): SavedPerson[];
  /** @throws {SimulatorError} `invalid_input` for ids that are not digits, and for a key or id that comes twice. */
  restore(saved: readonly SavedPerson[]): void;
  /**
   * Also finds those who were removed: this id is never given out twice.
   *
   * @throws {SimulatorError} `unknown_user` when nobody ever had it.
   */
  everKnown(appScopedId: string): SimulatedUser;
};

/** `changed` is called after every change. */
export function createPeople(
  random: Random,
  initial: readonly NewSimulatedUser[],
  changed: () => void,
): People {
  const byKey = new Map<string, SimulatedUser>();
  const byProfessionalId = new Map<string, SimulatedUser>();
  const byAppScopedId = new Map<string, SimulatedUser>(); // with those who were removed

  function get(key: string): SimulatedUser {
    const user = byKey.get(key);
    if (user === undefined) throw new SimulatorError("unknown_user", `Nobody here has the key "${key}".`);
    return user;
  }

  function enrol(user: SimulatedUser): void {
    for (const id of [user.professionalId, user.appScopedId]) {
      if (!isDigits(id)) throw new SimulatorError("invalid_input", "Ids are strings of digits.");
    }
    if (byKey.has(user.key)) {
      throw new SimulatorError("invalid_input", `Somebody has the key "${user.key}" already.`);
    }
    if (byProfessionalId.has(user.professionalId) || byAppScopedId.has(user.appScopedId)) {
      throw new SimulatorError("invalid_input", `Somebody has an id of "${user.key}" already.`);
    }
    byKey.set(user.key, user);
    byProfessionalId.set(user.professionalId, user);
    byAppScopedId.set(user.appScopedId, user);
  }

  function add(input: NewSimulatedUser): SimulatedUser {
    const user = completeUser(input, byKey.size + 1, random);
    enrol(user);
    changed();
    return user;
  }

  function remove(user: SimulatedUser): void {
    byKey.delete(user.key);
    byProfessionalId.delete(user.professionalId); // its app-scoped id stays taken
  }

  for (const user of initial) add(user);

  return {
    list: () => [...byKey.values()],
    find: (key) => byKey.get(key),
    get,
    findByProfessionalId: (id) => byProfessionalId.get(id),
    add,
    change(key, change) {
      Object.assign(get(key), change);
      changed();
    },
    remove(key) {
      const user = get(key);
      remove(user);
      changed();
      return user;
    },
    export: () =>
      [...byAppScopedId.values()].map((user) => ({ ...user, isRemoved: byKey.get(user.key) !== user })),
    restore(saved) {
      for (const { isRemoved, ...user } of saved) {
        enrol(user);
        if (isRemoved) remove(user);
      }
    },
    everKnown(appScopedId) {
      const user = byAppScopedId.get(appScopedId);
      if (user === undefined) throw new SimulatorError("unknown_user", "Nobody ever had this app-scoped id.");
      return user;
    },
  };
}

function completeUser(input: NewSimulatedUser, position: number, random: Random): SimulatedUser {
  const { variant, ...given } = input;
  const key = given.key ?? (variant === undefined ? `person-${position}` : `${variant}-${position}`);
  if (key === "") throw new SimulatorError("invalid_input", "A person needs a key that is not empty.");
  return {
    key,
    username: key,
    name: key,
    accountType: "BUSINESS",
    professionalId: `17841${random.digits(12)}`,
    appScopedId: `258${random.digits(14)}`,
    hasTesterRole: true,
    biography: null,
    website: null,
    followersCount: 100,
    followsCount: 10,
    publishedToday: 0,
    media: [],
    part:
      variant === undefined ? "professional account" : `professional account, hostile profile (${variant})`,
    ...(variant === undefined ? {} : hostileProfile(variant)),
    ...given,
  };
}

/** The part of a person that depends on the account as it is now, in words for the consent page. */
export function standing(user: SimulatedUser, appMode: "development" | "live"): string | undefined {
  if (user.accountType === "PERSONAL") return "personal account: sign-in fails";
  if (appMode === "development" && !user.hasTesterRole) return "has no tester role: sign-in fails";
  return undefined;
}

/** Whether something is an id: a string of digits. */
export function isDigits(text: unknown): boolean {
  return typeof text === "string" && text.length > 0 && text.length <= 32 && !/[^0-9]/.test(text);
}
