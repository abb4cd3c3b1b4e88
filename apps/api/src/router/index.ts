import { router } from "../trpc.ts";
import { authRouter } from "./auth.ts";
import { connectionsRouter } from "./connections.ts";
import { diagnosticsRouter } from "./diagnostics.ts";
import { simulatorRouter } from "./simulator.ts";

/** Everything the web app can call. */
export const appRouter = router({
  auth: authRouter,
  connections: connectionsRouter,
  diagnostics: diagnosticsRouter,
  simulator: simulatorRouter,
});

/** The type the web app is written against. */
export type AppRouter = typeof appRouter;
