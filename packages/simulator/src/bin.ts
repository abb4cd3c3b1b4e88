import { readEnvironment } from "./environment.ts";
import { readScenario } from "./scenario.ts";
import { SimulatorError } from "./simulator-error.ts";
import { startSimulator } from "./start-simulator.ts";

try {
  const { options, scenarioPath } = readEnvironment(process.env);
  const scenario = scenarioPath === undefined ? {} : await readScenario(scenarioPath);
  const simulator = await startSimulator({ ...options, scenario, notify: console.error });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void simulator.close().finally(() => process.exit(0));
    });
  }
  const secret = options.controlSecret === undefined ? `, control secret ${simulator.controlSecret}` : "";
  console.log(
    `Simulated Instagram at ${simulator.origin} and Facebook at ${simulator.facebookOrigin} (client ids ${simulator.instagramApp.clientId} and ${simulator.facebookApp.clientId}, seed ${simulator.seed}${secret})`,
  );
} catch (error) {
  if (!(error instanceof SimulatorError)) throw error;
  console.error(`The simulator did not start. ${error.message}`);
  process.exitCode = 1;
}
