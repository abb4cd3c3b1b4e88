import { onlineManager } from "@tanstack/react-query";
import { Link, Outlet, createRootRouteWithContext } from "@tanstack/react-router";
import { Suspense, lazy, useRef, useSyncExternalStore } from "react";

import { Mark } from "../components/mark.tsx";
import type { ArrivedCallback } from "../features/sign-in/arrived-callback.ts";
import type { ReconnectLinks } from "../features/sign-in/reconnect-links.ts";
import { trpc, type ApiClient } from "../lib/trpc.ts";

/** What the pages are handed. */
export type RouterContext = {
  client: ApiClient;
  session: { begin: () => void; end: () => void };
  /** The callback this page load began with, if it did. */
  arrived: ArrivedCallback | null;
  /** The reconnect link it began with, if it did. */
  reconnectLinks: ReconnectLinks;
};

export const rootRoute = createRootRouteWithContext<RouterContext>()({ component: RootLayout });

const SimulatorBar = lazy(async () => {
  const { SimulatorBar } = await import("../features/simulator/simulator-bar.tsx");
  return { default: SimulatorBar };
});
const PersonMenu = lazy(async () => {
  const { PersonMenu } = await import("../features/sign-in/person-menu.tsx");
  return { default: PersonMenu };
});
const LiveConnections = lazy(async () => {
  const { LiveConnections } = await import("../features/connections/live-connections.tsx");
  return { default: LiveConnections };
});

/** Header, page, and while Instagram is simulated the bar that says so. */
function RootLayout() {
  const { session: keeper } = rootRoute.useRouteContext();
  const session = trpc.auth.session.useQuery();
  const main = useRef<HTMLElement>(null);
  const user = session.data?.user ?? null;
  const isSimulated = session.data?.isSimulated === true;
  return (
    <div className={`flex min-h-dvh flex-col ${isSimulated ? "pb-24 sm:pb-16" : ""}`}>
      <a
        href="#main"
        className="absolute top-2 left-2 z-50 -translate-y-20 rounded-medium bg-evergreen px-4 py-2 text-small font-semibold text-on-evergreen focus:translate-y-0"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header className="mx-auto flex h-18 w-full max-w-page items-center justify-between px-4 sm:px-8">
        <Link to="/" className="-ml-2 flex items-center gap-2 p-2 text-heading">
          <Mark className="size-6 text-evergreen" />
          Perennial
        </Link>
        <Suspense fallback={null}>
          {user !== null && <PersonMenu onSignedOut={() => keeper.end()} />}
        </Suspense>
      </header>
      <Offline />
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-page grow px-4 pt-4 pb-20 sm:px-8 sm:pt-8"
      >
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {user !== null && <LiveConnections key={user.signedInAt} />}
        {isSimulated && <SimulatorBar />}
      </Suspense>
    </div>
  );
}

/** Says that the network is away; what is shown stays. */
function Offline() {
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  return (
    <output
      className={isOnline ? "sr-only" : "mx-auto block w-full max-w-page px-4 text-small text-slate sm:px-8"}
    >
      {isOnline ? "" : "This device is offline. What you see may be out of date; renewals go on without it."}
    </output>
  );
}
