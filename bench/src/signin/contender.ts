import type { BenchProcess } from "../lib/bench-process.ts";

/** An authorization request as the browser holds it between leaving for Instagram and coming back. */
export type BegunSignIn = { authorizationUrl: string; cookie: string | null };

/** A sign-in that only has to be completed: the person has pressed "Allow". */
export type AllowedSignIn = { cookie: string | null; redirect: URL };

/** A server that signs people in, in a process of its own. */
export type Contender = AsyncDisposable & {
  readonly name: string;
  /** Its server, or all processes of it taken together. */
  readonly process: Pick<BenchProcess, "cpuMs" | "log">;
  /** Whether `begin` asks the server; the baseline's authorization address is constant. */
  readonly asksServerToBegin: boolean;
  begin(): Promise<BegunSignIn>;
  /** The redirect address is opened: everything from the code to the session. @throws when it is refused */
  complete(signIn: AllowedSignIn): Promise<void>;
  /** How many accounts its database holds. */
  countAccounts(): Promise<number>;
};

/** What a contender needs to join the others. */
export type ContenderOptions = {
  folder: string;
  instagram: { origin: string; port: number; app: { clientId: string; clientSecret: string } };
  profileFolder?: string | undefined;
};
