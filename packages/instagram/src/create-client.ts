import type { GraphClient, InstagramApp, InstagramCall } from "./client.ts";
import { CURRENT_GRAPH_VERSION } from "./dated-facts.ts";
import { sharedTransport, type Transport } from "./transport.ts";

/** What a login is built from. */
export type LoginOptions<Origins> = {
  app: InstagramApp;
  /** Default: Meta's own. */
  origins?: Partial<Origins>;
  /** The version of data calls, such as v26.0. Default: the current one. */
  graphVersion?: string;
  /** Default: one keep-alive transport shared by the whole process. */
  transport?: Transport;
  /** Default: the system's clock. */
  now?: () => Date;
  /** Hears of every upstream call once it has ended. */
  onCall?: (call: InstagramCall) => void;
  /**
   * Hears, before the call's own end, of every answer that shows our clock to be wrong by more than five
   * minutes: by how much it is ahead of the server's, or below 0 behind it. Tokens are safe all the same: their
   * times are counted by the server's clock then. Which of them are due is not.
   */
  onClockSkew?: (skewMs: number) => void;
};

/** What tells the logins apart before the first call. */
type Flavour<Name extends string> = { origins: Record<Name, string> } & Pick<
  GraphClient,
  "textRules" | "provesSecret"
>;

/**
 * What every call of one login needs, checked.
 *
 * @throws {TypeError} when the app, an origin or the version cannot be right.
 */
export function createClient<Name extends string>(
  options: LoginOptions<Record<Name, string>>,
  flavour: Flavour<Name | "graph">,
): GraphClient & { origins: Record<Name | "graph", string> } {
  const { app, graphVersion = CURRENT_GRAPH_VERSION } = options;
  if (app.clientId === "" || app.clientSecret === "") throw new TypeError("The app id or secret is empty.");
  if (!/^v\d{1,3}\.\d{1,2}$/.test(graphVersion)) {
    throw new TypeError("A graph version looks like v26.0.");
  }
  const origins = { ...flavour.origins };
  for (const [name, value] of Object.entries<string | undefined>(options.origins ?? {})) {
    if (value !== undefined) origins[name as Name] = originOf(name, value);
  }
  return {
    app: { ...app },
    origins,
    versionPath: `/${graphVersion}`,
    transport: options.transport ?? sharedTransport(),
    now: options.now ?? (() => new Date()),
    onCall: options.onCall,
    onClockSkew: options.onClockSkew,
    textRules: flavour.textRules,
    provesSecret: flavour.provesSecret,
  };
}

function originOf(name: string, value: string): string {
  const url = URL.parse(value);
  const isOrigin = url !== null && (url.protocol === "https:" || url.protocol === "http:");
  if (!isOrigin || url.pathname !== "/" || url.search !== "" || url.username !== "" || url.hash !== "") {
    throw new TypeError(`The ${name} origin must be a scheme and a host, such as https://example.com.`);
  }
  return url.origin;
}
