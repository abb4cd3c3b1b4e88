import type { AuthorizationCode } from "./authorization-codes.ts";
import type { Reply } from "./http/reply.ts";
import type { SimulatedUser } from "./people.ts";
import type { TokenRecord } from "./tokens.ts";
import type { World } from "./world.ts";

/** Which of Meta's two logins something belongs to. */
export type FlavourName = "ig" | "fb";

/** What a request is about; rules, gates and the ledger go by these names. */
export type EndpointName =
  | "authorize"
  | "code"
  | "exchange"
  | "refresh"
  | "me"
  | "media"
  | "quota"
  | "revoke"
  | "unknown";

/** One provider request as it was read off the wire, before anything is decided. */
export type Call = {
  readonly method: string;
  /** The path as it was asked for. */
  readonly path: string;
  /** The object id in a path like `/{id}/media`; empty when the path has none. */
  readonly nodeId: string;
  readonly query: URLSearchParams;
  /** The form fields of a body; empty when there was none or it was not a form. */
  readonly form: URLSearchParams;
  readonly bearer: string | undefined;
  /** Permissions a `grant` fault put in place of those the person ticked. */
  grantedInstead?: readonly string[];
};

/** Who and what a request concerns, as far as its token or code tells. */
export type Subject = {
  readonly user?: SimulatedUser;
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

/** A family of endpoints: what one of Meta's logins serves. */
export type Flavour = {
  readonly name: FlavourName;
  /** Finds the endpoint for a method and path; undefined when this flavour has none there. */
  route(method: string, path: string): { endpoint: Endpoint; nodeId: string } | undefined;
  /** What a path that nobody serves is answered with. */
  readonly unknown: Endpoint;
};
