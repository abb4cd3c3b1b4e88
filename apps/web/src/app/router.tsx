import { createRoute, createRouter } from "@tanstack/react-router";

import { validAttemptId } from "../features/sign-in/arrived-callback.ts";
import { NotFoundPage } from "../routes/not-found.tsx";
import { rootRoute, type RouterContext } from "../routes/root.tsx";
import { BrokenPage } from "../routes/broken.tsx";
import { WelcomePage } from "../routes/welcome.tsx";

const welcomeRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: WelcomePage });

const callbackRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/auth/$flavour/callback",
  validateSearch: (search: Record<string, unknown>): { attempt?: string } => {
    const attempt = typeof search["attempt"] === "string" ? validAttemptId(search["attempt"]) : null;
    return attempt === null ? {} : { attempt };
  },
}).lazy(async () => (await import("../routes/auth.$flavour.callback.tsx")).callbackLazyRoute);

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

const routeTree = rootRoute.addChildren([
  welcomeRoute,
  callbackRoute,
  connectionsRoute,
  connectionRoute,
  reconnectRoute,
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
