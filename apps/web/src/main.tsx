import "./styles.css";

import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";

import { Provider } from "./app/provider.tsx";
import { createQueryClient } from "./app/query-client.ts";
import { createAppRouter } from "./app/router.tsx";
import { createSessionKeeper } from "./app/session-keeper.ts";
import { takeCallback } from "./features/sign-in/arrived-callback.ts";
import { keepReconnectLinks } from "./features/sign-in/reconnect-links.ts";
import { createSessionChannel } from "./lib/session-channel.ts";
import { createApiClient } from "./lib/trpc.ts";

// Before anything else looks at the address: code, state and reconnect link leave it, and the history with it.
const { arrived, cleanAddress } = takeCallback(window.location);
if (cleanAddress !== null) window.history.replaceState(null, "", cleanAddress);
const reconnectLinks = keepReconnectLinks(window);

const client = createApiClient();
const queryClient = createQueryClient(() => session.end());
const session = createSessionKeeper({ queryClient, client, channel: createSessionChannel() });
const router = createAppRouter({ client, session, arrived, reconnectLinks });

// A page the browser kept and shows again may belong to a session that has ended since: it knows nothing until it has asked.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) void queryClient.resetQueries();
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <Provider client={client} queryClient={queryClient}>
    <RouterProvider router={router} />
  </Provider>,
);
