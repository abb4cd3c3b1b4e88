import { loadEnvironment, readConfig } from "@perennial/runtime";

import { simulatorService } from "./lib/services.ts";

// The simulator by itself, with the pair and control secret that the development servers expect.
const environment = loadEnvironment();
const { env } = simulatorService(readConfig(environment), environment);
for (const [name, value] of Object.entries(env)) {
  if (value !== undefined) process.env[name] = value;
}
await import("../packages/simulator/src/bin.ts");
