import { createRoute, createRouter } from "@tanstack/react-router";

import { validAttemptId } from "../features/sign-in/arrived-callback.ts";
import { NotFoundPage } from "../routes/not-found.tsx";
import { rootRoute, type RouterContext } from "../routes/root.tsx";
import { BrokenPage } from "../routes/broken.tsx";
import { WelcomePage } from "../routes/welcome.tsx";

const CONNECTION_ID = /^con_[A-Za-z0-9_-]{22}$/;

/** The public id of a sign-in, the one thing of it that may stand in an address. */
function attemptIn({ attempt }: Record<string, unknown>): { attempt?: string } {
  const id = typeof attempt === "string" ? validAttemptId(attempt) : null;
  return id === null ? {} : { attempt: id };
}

const welcomeRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: WelcomePage });

const callbackRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/auth/$flavour/callback",
  validateSearch: attemptIn,
}).lazy(async () => (await import("../routes/auth.$flavour.callback.tsx")).callbackLazyRoute);

const chooseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/auth/choose",
  validateSearch: attemptIn,
}).lazy(async () => (await import("../routes/auth.choose.tsx")).chooseLazyRoute);

const connectionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/connections",
}).lazy(async () => (await import("../routes/connections.tsx")).connectionsLazyRoute);

const connectionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/connections/$id",
}).lazy(async () => (await import("../routes/connections.$id.tsx")).connectionLazyRoute);

const reconnectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reconnect",
}).lazy(async () => (await import("../routes/reconnect.tsx")).reconnectLazyRoute);

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  validateSearch: ({ connection }: Record<string, unknown>): { connection?: string } =>
    typeof connection === "string" && CONNECTION_ID.test(connection) ? { connection } : {},
}).lazy(async () => (await import("../routes/settings.tsx")).settingsLazyRoute);

const diagnosticsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/diagnostics",
}).lazy(async () => (await import("../routes/diagnostics.tsx")).diagnosticsLazyRoute);

const goingLiveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/going-live",
}).lazy(async () => (await import("../routes/going-live.tsx")).goingLiveLazyRoute);

const routeTree = rootRoute.addChildren([
  welcomeRoute,
  callbackRoute,
  chooseRoute,
  connectionsRoute,
  connectionRoute,
  reconnectRoute,
  settingsRoute,
  diagnosticsRoute,
  goingLiveRoute,
]);

/** The pages of the app, by their addresses. */
export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    defaultPreload: "intent",
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFoundPage,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
