import type { CreatedKey, CreateKeyRequest } from "@perennial/connections";
import { connect } from "@perennial/runtime/testing";

import { startServer } from "../server.ts";
import { openTestApp, type TestApp } from "./open-app.ts";

/** A request to /v1 with a key or without one. */
export type AskV1 = (
  path: string,
  secret: string | null,
  init?: { method?: string; body?: string; headers?: Record<string, string> },
) => Promise<Response>;

/** A person with a connection, and /v1 over it: in process, and over the network as a server answers. */
export type TestV1 = TestApp & {
  readonly userId: string;
  readonly connectionId: string;
  readonly port: number;
  /** Through Hono, in process. */
  get: AskV1;
  /** Over a socket, by the shortest way where there is one. */
  overNetwork: AskV1;
  createKey(change?: Partial<CreateKeyRequest>): Promise<CreatedKey>;
  /** Connects another account of the same person; gives its connection's id. */
  connectAnother(account: string): Promise<string>;
  /** Moves the simulator's clock, and this process with it. */
  advance(byMs: number): Promise<void>;
};

/** Opens /v1 for one test. */
export async function openV1(options: Parameters<typeof openTestApp>[0] = {}): Promise<TestV1> {
  const app = await openTestApp(options);
  const { connections } = app.runtime;
  const { connectionId, session } = await connect(app, "acme.shop");
  const userId = session?.userId ?? "";
  const server = await startServer(app.runtime, { webRoot: null, port: 0 });
  const withKey = (secret: string | null, headers: Record<string, string> = {}) =>
    secret === null ? headers : { authorization: `Bearer ${secret}`, ...headers };
  return {
    ...app,
    userId,
    connectionId,
    port: server.port,
    get: (path, secret, init = {}) => app.request(path, { ...init, headers: withKey(secret, init.headers) }),
    overNetwork: (path, secret, init = {}) =>
      fetch(`http://127.0.0.1:${server.port}${path}`, { ...init, headers: withKey(secret, init.headers) }),
    createKey: (change = {}) =>
      connections.createApiKey({
        userId,
        name: "Uploader",
        actions: ["read", "token", "refresh"],
        connectionIds: null,
        expiresAt: null,
        allowedAddresses: null,
        ...change,
      }),
    connectAnother: async (account) => {
      const begun = await connections.beginSignIn({
        flavour: "instagram",
        returnTo: "/connections",
        linkUserId: userId,
        forceReauth: false,
        reconnectLink: null,
        reconnectConnectionId: null,
        rerequest: false,
      });
      const { authorizationUrl, browserSecret } = begun;
      const address = await app.sim.authorize({ authorizationUrl, user: account });
      const result = await connections.completeSignIn({
        flavour: "instagram",
        query: new URL(address).search,
        browserSecretOf: () => browserSecret,
        sessionId: session?.id ?? null,
        userAgent: null,
      });
      if (result.kind !== "signed_in") throw new Error("The person has to choose.");
      return result.connectionId;
    },
    advance: async (byMs) => void (await app.runtime.simulatorClock?.advance(byMs)),
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await app[Symbol.asyncDispose]();
    },
  };
}
