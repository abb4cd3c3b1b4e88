import type { AppRouter } from "@perennial/api/router";
import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
  type TRPCClientErrorLike,
} from "@trpc/client";
import { createTRPCReact } from "@trpc/react-query";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";

const URL_PATH = "/trpc";
/** The api executes no more than this in one request. */
const BATCH_LIMIT = 10;

/** Hooks for every procedure of the api. */
export const trpc = createTRPCReact<AppRouter>();

/** The api without React, for what happens before or beside rendering. */
export type ApiClient = TRPCClient<AppRouter>;
/** What the api's errors look like here. */
export type ApiError = TRPCClientErrorLike<AppRouter>;

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
/** A connection as its owner sees it; instants are ISO strings. */
export type Connection = Outputs["connections"]["get"]["connection"];
/** What a failure is followed by, and so who ends it. */
export type FailureClass = NonNullable<Connection["problem"]>["class"];
/** The life of the token a connection holds. */
export type TokenLife = NonNullable<Connection["life"]>;
/** One line of a connection's history. */
export type HistoryEntry = Outputs["connections"]["history"]["entries"][number];
/** One call to Instagram or Facebook that an attempt made. */
export type AttemptStep = HistoryEntry["steps"][number];
/** What is known about a failure: what it comes from, and what helps. */
export type CatalogueEntry = Outputs["diagnostics"]["explain"];
/** A cause of a failure, with what was seen that speaks for it. */
export type RankedCause = NonNullable<Outputs["auth"]["diagnosis"]>["causes"][number];
/** What came of a refresh that was asked for. */
export type RefreshResult = Outputs["connections"]["refresh"];
/** A login that is left alone while it fails for many connections alike. */
export type PausedLogin = Outputs["connections"]["list"]["paused"][number];
/** What the person was told about a connection. */
export type Alert = Outputs["connections"]["alerts"]["alerts"][number];
/** What a person may choose from after a login that reaches several accounts. */
export type AccountChoice = Outputs["auth"]["choice"];
/** Where a sign-in leads: to a page of ours, or to the choice among several accounts. */
export type SignInAnswer = Outputs["auth"]["complete"];
/** What a look at a token found. */
export type Validation = Outputs["connections"]["validate"];
/** The newest posts of an account, and how much more it may publish. */
export type RecentPosts = Outputs["connections"]["posts"];
/** What became of a token that was brought by hand. */
export type ImportResult = Outputs["connections"]["importToken"];
/** A browser in which the person is signed in. */
export type Session = Outputs["auth"]["sessions"][number];
/** Something that was done to the person's account. */
export type Activity = Outputs["auth"]["activity"][number];
/** An API key as its owner sees it, without its secret. */
export type ApiKey = Outputs["keys"]["list"][number];
/** What an API key may be used for. */
export type KeyAction = ApiKey["actions"][number];
/** A new API key, and its secret for the only time. */
export type CreatedKey = Outputs["keys"]["create"];
/** What an API key is made with. */
export type KeySettings = Inputs["keys"]["create"];
/** A place where a token is read. Holds no secret. */
export type Sink = Outputs["sinks"]["list"][number];
/** A kind of sink, and why it cannot be set up here. */
export type SinkKind = Outputs["sinks"]["kinds"][number];
/** What a sink is told: secrets are in here. */
export type SinkSettings = NonNullable<Inputs["sinks"]["save"]["settings"]>;
/** One attempt to deliver a token. */
export type SinkReceipt = Outputs["sinks"]["receipts"][number];
/** What the doctor finds about this installation. */
export type Report = Outputs["diagnostics"]["report"];
/** One thing that the doctor looked at. */
export type Check = Report["checks"][number];
/** How to go live with a real app. */
export type Guide = Outputs["diagnostics"]["guide"];
/** A part of that way: an address, a login, a server. */
export type GuideSection = Guide["sections"][number];
/** One thing to do that no program can see to. */
export type Step = GuideSection["steps"][number];
/** Instagram Login or Facebook Login. */
export type Flavour = Connection["flavour"];

/** Without it the api changes nothing: no other origin can send it. */
const HEADERS = { "x-perennial-client": "web" };

/** Of a query that waits for Instagram, or for whoever else is slow: no other answer is to wait for it in one batch. */
export const ALONE = { trpc: { context: { isAlone: true } } } as const;

/** Queries go out in batches, changes one by one; subscriptions stay open as event streams. */
export function createApiClient(): ApiClient {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url: URL_PATH }),
        false: splitLink({
          condition: ({ type, context }) => type === "mutation" || context["isAlone"] === true,
          true: httpLink({ url: URL_PATH, headers: HEADERS }),
          false: httpBatchLink({ url: URL_PATH, maxItems: BATCH_LIMIT, headers: HEADERS }),
        }),
      }),
    ],
  });
}
