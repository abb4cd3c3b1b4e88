import { router } from "../trpc.ts";
import { accountRouter } from "./account.ts";
import { authRouter } from "./auth.ts";
import { connectionsRouter } from "./connections.ts";
import { diagnosticsRouter } from "./diagnostics.ts";
import { keysRouter } from "./keys.ts";
import { simulatorRouter } from "./simulator.ts";
import { sinksRouter } from "./sinks.ts";

/** Everything the web app can call. */
export const appRouter = router({
  account: accountRouter,
  auth: authRouter,
  connections: connectionsRouter,
  diagnostics: diagnosticsRouter,
  keys: keysRouter,
  simulator: simulatorRouter,
  sinks: sinksRouter,
});

/** The type the web app is written against. */
export type AppRouter = typeof appRouter;
