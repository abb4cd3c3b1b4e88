import type { AuthorizationCode } from "./authorization-codes.ts";
import type { Reply } from "./http/reply.ts";
import type { TokenRecord } from "./token-record.ts";
import type { Metered } from "./usage-limit.ts";
import type { World } from "./world.ts";

/** Which of Meta's two logins something belongs to. */
export type FlavourName = "ig" | "fb";

/** What a request is about; rules, gates and the ledger go by these names. */
export type EndpointName = (typeof ENDPOINT_NAMES)[number];

/** Every name; those from `pages` on are Facebook's alone, and `refresh` is Instagram's alone. */
export const ENDPOINT_NAMES = [
  "authorize",
  "code",
  "exchange",
  "refresh",
  "me",
  "media",
  "quota",
  "revoke",
  "unknown",
  "pages",
  "page",
  "businesses",
  "account",
  "permissions",
  "debug",
  "app",
] as const;

/** Somebody an app knows: an Instagram account, or a Facebook person. */
export type AppUser = {
  /** How tests and switches name them; never sent to an app. */
  readonly key: string;
  /** The id by which the app's answers and Meta's callbacks name them. */
  readonly appScopedId: string;
};

/** What of a request decides which endpoint it is for. */
export type RoutedRequest = {
  readonly method: string;
  /** The path as it was asked for. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The form fields of a body; empty when there was none or it was not a form. */
  readonly form: URLSearchParams;
};

/** One provider request as it was read off the wire, before anything is decided. */
export type Call = RoutedRequest & {
  /** The object id in a path like `/{id}/media`; empty when the path has none. */
  readonly nodeId: string;
  readonly bearer: string | undefined;
  /** Permissions a `grant` fault put in place of those the person ticked. */
  grantedInstead?: readonly string[];
};

/** Who and what a request concerns, as far as its token or code tells. */
export type Subject = {
  readonly user?: AppUser;
  /** Whose business-use-case limit the request counts against. */
  readonly metered?: Metered;
  readonly token?: TokenRecord;
  readonly code?: AuthorizationCode;
  /** The secret that was presented, known here or not. */
  readonly presentedToken?: string;
  readonly presentedCode?: string;
};

/** One thing an app can ask for. Each flavour brings its own; everything around them is shared. */
export type Endpoint = {
  readonly at: EndpointName;
  readonly flavour: FlavourName;
  identify(world: World, call: Call): Subject;
  process(world: World, call: Call, subject: Subject): Reply;
};

/** Where a request goes. */
export type Route = { endpoint: Endpoint; nodeId: string };

/** A family of endpoints: what one of Meta's logins serves. */
export type Flavour = {
  readonly name: FlavourName;
  /** Finds the endpoint for a request; undefined when this flavour has none there. */
  route(request: RoutedRequest, world: World): Route | undefined;
  /** What a path that nobody serves is answered with. */
  readonly unknown: Endpoint;
};
