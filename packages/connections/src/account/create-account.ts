import type { ConnectionsDeps } from "../deps.ts";
import { eraseAccount, type EraseAccountRequest } from "./erase-account.ts";
import { exportAccount, type AccountExport } from "./export-account.ts";

/** What a person may ask for about everything that is theirs. */
export type Account = {
  /** Everything that is kept about them, without tokens. @throws {ConnectionError} `user_not_found` */
  export(userId: string): Promise<AccountExport>;
  /** Erases all of it. @throws {ConnectionError} `erasure_not_confirmed` */
  erase(request: EraseAccountRequest): Promise<void>;
};

/** Binds them. `onErased` hears that webhooks may have to be told. */
export function createAccount(deps: ConnectionsDeps, onErased: () => void): Account {
  return {
    export: (userId) => exportAccount(deps, userId),
    erase: async (request) => {
      await eraseAccount(deps, request);
      onErased();
    },
  };
}
