import type {
  AppRole,
  FacebookPage,
  FacebookPerson,
  NewFacebookPage,
  NewFacebookPerson,
  PageTask,
  PortfolioRole,
} from "./person.ts";

/** What can happen to a person at Facebook. Every method names the person by key and throws `unknown_user`. */
export type FacebookSwitches = {
  list(): FacebookPerson[];
  get(key: string): FacebookPerson;
  /** @throws {SimulatorError} `invalid_input` for a key or id that is taken. */
  add(person: NewFacebookPerson): FacebookPerson;
  /** @throws {SimulatorError} `invalid_input` for a Page the person has already. */
  addPage(key: string, page: NewFacebookPage): FacebookPage;
  /** Links an Instagram account, by key, to a Page wherever it is known; null unlinks. */
  linkInstagram(pageId: string, user: string | null): void;
  /** Ends every live token of the person with 190 and a subcode (458 unless another is given), null for a bare 190. */
  revoke(key: string, options?: { subcode?: number | null }): void;
  /** Ends every live token but a system user's with 190/460. */
  passwordChanged(key: string): void;
  /** The person removes the app: every live token ends with 190/458, and what was granted is forgotten. */
  removeApp(key: string): void;
  /** Every call gets 190/459 until the checkpoint is cleared or the person comes back through the dialog. */
  checkpoint(key: string): void;
  clearCheckpoint(key: string): void;
  /** As if the person had not come by for 90 days: user and Page tokens get 190/493. */
  endDataAccess(key: string): void;
  /** The person loses the role on a Page: its Page tokens of theirs end with 190/492, and it leaves every list. */
  withdrawPageRole(key: string, pageId: string): void;
  changeTasks(key: string, pageId: string, tasks: readonly PageTask[]): void;
  /** @throws {SimulatorError} `invalid_input` for a Page of no portfolio. */
  changePortfolioRole(key: string, pageId: string, role: PortfolioRole): void;
  /** Takes permissions away; `/me/permissions` then calls them declined. */
  withdrawPermissions(key: string, permissions: readonly string[]): void;
  grantAppRole(key: string, role?: AppRole): void;
  withdrawAppRole(key: string): void;
  rename(key: string, name: string): void;
  /** The account is deleted: it leaves the dialog and its tokens end with a bare 190. */
  remove(key: string): void;
};
