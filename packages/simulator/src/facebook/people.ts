import { hostileProfile } from "../hostile-profiles.ts";
import { isDigits } from "../people.ts";
import type { Random } from "../random.ts";
import { SimulatorError } from "../simulator-error.ts";
import type {
  FacebookPage,
  FacebookPerson,
  NewFacebookPage,
  NewFacebookPerson,
  PagePortfolio,
  PageTask,
} from "./person.ts";

/** A person as the state file holds them: with those who left, since tokens and codes still speak of them. */
export type SavedFacebookPerson = FacebookPerson & { isRemoved: boolean };

/** What a person of Facebook may be changed in. */
type Change = Partial<Pick<FacebookPerson, "name" | "appRole" | "isCheckpointed" | "passwordChangedAt">>;

export type FacebookPeople = {
  list(): FacebookPerson[];
  find(key: string): FacebookPerson | undefined;
  /** @throws {SimulatorError} `unknown_user` when nobody has this key. */
  get(key: string): FacebookPerson;
  findByAppScopedId(id: string): FacebookPerson | undefined;
  /** @throws {SimulatorError} `invalid_input` for ids that are not digits or that somebody has already. */
  add(person: NewFacebookPerson): FacebookPerson;
  /** @throws {SimulatorError} `invalid_input` for a Page the person has, or that others know as something else. */
  addPage(key: string, page: NewFacebookPage): FacebookPage;
  change(key: string, change: Change): void;
  /** @throws {SimulatorError} `invalid_input` when the person has no such Page. */
  getPage(key: string, pageId: string): FacebookPage;
  /** Changes one person's copy of a Page. */
  changePage(key: string, pageId: string, change: Partial<Pick<FacebookPage, "tasks" | "portfolio">>): void;
  removePage(key: string, pageId: string): void;
  /** Changes what account every copy of a Page is linked to. */
  link(pageId: string, instagramUser: string | null): void;
  /** Unlinks an account that is gone from every Page. */
  unlink(instagramUser: string): void;
  /** Whether an id is or was a Page's. */
  isPage(id: string): boolean;
  remove(key: string): FacebookPerson;
  export(): SavedFacebookPerson[];
  /** @throws {SimulatorError} `invalid_input` for ids that are not digits, and for a key or id that comes twice. */
  restore(saved: readonly SavedFacebookPerson[]): void;
  /**
   * Also finds those who were removed: this id is never given out twice.
   *
   * @throws {SimulatorError} `unknown_user` when nobody ever had it.
   */
  everKnown(appScopedId: string): FacebookPerson;
};

/** All there are. */
export const EVERY_TASK: readonly PageTask[] = [
  "MANAGE",
  "CREATE_CONTENT",
  "MODERATE",
  "MESSAGING",
  "ADVERTISE",
  "ANALYZE",
];

/** `changed` is called after every change. */
export function createFacebookPeople(
  random: Random,
  initial: readonly NewFacebookPerson[],
  changed: () => void,
): FacebookPeople {
  const byKey = new Map<string, FacebookPerson>();
  const byAppScopedId = new Map<string, FacebookPerson>(); // with those who were removed
  const pageIds = new Set<string>();

  function get(key: string): FacebookPerson {
    const person = byKey.get(key);
    if (person === undefined) {
      throw new SimulatorError("unknown_user", `Nobody at Facebook has the key "${key}".`);
    }
    return person;
  }

  function getPage(key: string, pageId: string): FacebookPage {
    const page = get(key).pages.find((one) => one.id === pageId);
    if (page === undefined) throw invalid(`"${key}" has no Page ${pageId}.`);
    return page;
  }

  function copiesOf(pageId: string): FacebookPage[] {
    return [...byKey.values()].flatMap(({ pages }) => pages.filter((page) => page.id === pageId));
  }

  function enrol(person: FacebookPerson): void {
    const ids = [person.appScopedId, person.systemUserId, ...person.pages.map(({ id }) => id)];
    if (!ids.every(isDigits)) throw invalid("Ids are strings of digits.");
    if (new Set(ids).size !== ids.length) throw invalid(`"${person.key}" has an id twice.`);
    if (byKey.has(person.key)) throw invalid(`Somebody has the key "${person.key}" already.`);
    if (byAppScopedId.has(person.appScopedId))
      throw invalid(`Somebody has the id of "${person.key}" already.`);
    for (const page of person.pages) enrolPage(page);
    byKey.set(person.key, person);
    byAppScopedId.set(person.appScopedId, person);
  }

  function enrolPage(page: FacebookPage): void {
    const { portfolio } = page;
    if (portfolio !== null && !isDigits(portfolio.id)) throw invalid("Ids are strings of digits.");
    const [known] = copiesOf(page.id);
    if (known !== undefined && !isSamePage(known, page)) {
      throw invalid(`Others know the Page ${page.id} under another name, account or portfolio.`);
    }
    pageIds.add(page.id);
  }

  function completePage(given: NewFacebookPage): FacebookPage {
    const [known] = given.id === undefined ? [] : copiesOf(given.id);
    const id = given.id ?? `103${random.digits(12)}`;
    return {
      id,
      name: known?.name ?? `Page ${id}`,
      tasks: [...EVERY_TASK],
      instagramUser: known?.instagramUser ?? null,
      portfolio: known?.portfolio ?? null,
      ...given,
    };
  }

  function add(input: NewFacebookPerson): FacebookPerson {
    const { variant, pages = [], ...given } = input;
    const position = byKey.size + 1;
    const key = given.key ?? (variant === undefined ? `friend-${position}` : `friend-${variant}-${position}`);
    if (key === "") throw invalid("A person needs a key that is not empty.");
    const hostile = variant === undefined ? {} : { name: hostileProfile(variant).name };
    const person: FacebookPerson = {
      key,
      name: key,
      appScopedId: `122${random.digits(12)}`,
      systemUserId: `615${random.digits(11)}`,
      appRole: "testers",
      isCheckpointed: false,
      passwordChangedAt: null,
      part: variant === undefined ? "person with Pages" : `person with a hostile profile (${variant})`,
      ...hostile,
      ...given,
      pages: pages.map((page) => completePage({ ...hostile, ...page })),
    };
    enrol(person);
    changed();
    return person;
  }

  for (const person of initial) add(person);

  return {
    list: () => [...byKey.values()],
    find: (key) => byKey.get(key),
    get,
    findByAppScopedId: (id) => byAppScopedId.get(id),
    add,
    addPage(key, given) {
      const person = get(key);
      const page = completePage(given);
      if (!isDigits(page.id)) throw invalid("Ids are strings of digits.");
      if (person.pages.some(({ id }) => id === page.id)) throw invalid(`"${key}" has this Page already.`);
      enrolPage(page);
      person.pages.push(page);
      changed();
      return page;
    },
    change(key, change) {
      Object.assign(get(key), change);
      changed();
    },
    getPage,
    changePage(key, pageId, change) {
      Object.assign(getPage(key, pageId), change);
      changed();
    },
    removePage(key, pageId) {
      const page = getPage(key, pageId);
      const person = get(key);
      person.pages = person.pages.filter((one) => one !== page);
      changed();
    },
    link(pageId, instagramUser) {
      const copies = copiesOf(pageId);
      if (copies.length === 0) throw invalid(`Nobody has a Page ${pageId}.`);
      for (const page of copies) page.instagramUser = instagramUser;
      changed();
    },
    unlink(instagramUser) {
      for (const { pages } of byAppScopedId.values()) {
        for (const page of pages) if (page.instagramUser === instagramUser) page.instagramUser = null;
      }
      changed();
    },
    isPage: (id) => pageIds.has(id),
    remove(key) {
      const person = get(key);
      byKey.delete(key); // the app-scoped id stays taken
      person.pages = [];
      changed();
      return person;
    },
    export: () =>
      [...byAppScopedId.values()].map((one) => ({ ...one, isRemoved: byKey.get(one.key) !== one })),
    restore(saved) {
      for (const { isRemoved, ...person } of saved) {
        enrol(person);
        if (isRemoved) byKey.delete(person.key);
      }
    },
    everKnown(appScopedId) {
      const person = byAppScopedId.get(appScopedId);
      if (person === undefined) {
        throw new SimulatorError("unknown_user", "Nobody at Facebook ever had this app-scoped id.");
      }
      return person;
    },
  };
}

function isSamePage(one: FacebookPage, other: FacebookPage): boolean {
  return (
    one.name === other.name &&
    one.instagramUser === other.instagramUser &&
    one.portfolio?.id === other.portfolio?.id &&
    one.portfolio?.relation === other.portfolio?.relation
  );
}

function invalid(message: string): SimulatorError {
  return new SimulatorError("invalid_input", message);
}

/** Why a person cannot sign in as things are now, in words for the dialog. */
export function facebookStanding(
  person: FacebookPerson,
  appMode: "development" | "live",
): string | undefined {
  return appMode === "development" && person.appRole === null
    ? "has no role in the app: sign-in fails"
    : undefined;
}

/** Whose a Page is and what role the person has there, in words for the simulator's pages. */
export function describePortfolio({ name, relation, role }: PagePortfolio): string {
  return `${relation === "owned" ? "owned by" : "client of"} ${name}, role ${role}`;
}
