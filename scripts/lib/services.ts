import path from "node:path";

import {
  SIMULATOR_CLIENT_ID,
  SIMULATOR_FACEBOOK_CLIENT_ID,
  type Config,
  type Environment,
} from "@perennial/runtime";

import { root } from "./processes.ts";

/** One service of Perennial: how it is started and where it says that it is ready. */
export type Service = {
  name: "simulator" | "api" | "worker" | "web";
  command: [file: string, ...args: string[]];
  cwd?: string;
  env: Record<string, string | undefined>;
  port: number;
  portVariable: string;
  readyUrl: string;
};

/** The local Instagram and Facebook, told each app's pair and where that app may send people back to. */
export function simulatorService(config: Config, environment: Environment): Service {
  const { port, readyUrl } = at(config.ports.simulator, "127.0.0.1", "/__sim/clock");
  const facebookPort = config.simulator === null ? undefined : new URL(config.simulator.facebookOrigin).port;
  const apiOrigin = `http://127.0.0.1:${config.ports.api}`;
  return {
    name: "simulator",
    command: ["packages/simulator/src/bin.ts"],
    env: {
      ...environment,
      SIMULATOR_PORT: String(port),
      SIM_STATE_FILE: path.join(config.dataFolder, "simulator.json"),
      SIM_CONTROL_SECRET: config.simulator?.controlSecret,
      SIM_CLIENT_ID: SIMULATOR_CLIENT_ID,
      SIM_CLIENT_SECRET: config.instagram?.app.clientSecret,
      SIM_REDIRECT_URIS: `${config.appUrl}/auth/instagram/callback`,
      SIMULATOR_FACEBOOK_PORT: facebookPort,
      SIM_FACEBOOK_CLIENT_ID: SIMULATOR_FACEBOOK_CLIENT_ID,
      SIM_FACEBOOK_CLIENT_SECRET: config.facebook?.app.clientSecret,
      SIM_FACEBOOK_REDIRECT_URIS: `${config.appUrl}/auth/facebook/callback`,
      // Straight to the api: the web server's own certificate is trusted by nobody.
      SIM_DEAUTHORIZE_URL: `${apiOrigin}/meta/deauthorize`,
      SIM_DATA_DELETION_URL: `${apiOrigin}/meta/data-deletion`,
    },
    port,
    portVariable: "SIMULATOR_PORT",
    readyUrl,
  };
}

/** The api. */
export function apiService(config: Config, environment: Environment): Service {
  const { port, readyUrl } = at(config.ports.api, config.host, "/readyz");
  return {
    name: "api",
    command: ["apps/api/src/main.ts"],
    env: { ...environment },
    port,
    portVariable: "API_PORT",
    readyUrl,
  };
}

/** The worker. */
export function workerService(config: Config, environment: Environment): Service {
  const { port, readyUrl } = at(config.ports.worker, config.host, "/readyz");
  return {
    name: "worker",
    command: ["apps/worker/src/main.ts"],
    env: { ...environment },
    port,
    portVariable: "WORKER_PORT",
    readyUrl,
  };
}

/** The web app, served by Vite while it is being worked on. */
export function webService(config: Config, environment: Environment): Service {
  const cwd = path.join(root, "apps/web");
  const { port, readyUrl } = at(config.ports.web, config.host, "/");
  const isTls = config.appUrl.startsWith("https:");
  return {
    name: "web",
    command: ["apps/web/node_modules/vite/bin/vite.js"],
    cwd,
    env: {
      ...environment,
      APP_URL: config.appUrl,
      WEB_PORT: String(port),
      API_PORT: String(config.ports.api),
    },
    port,
    portVariable: "WEB_PORT",
    // Its own certificate is trusted by nobody, so over TLS the port alone is asked.
    readyUrl: isTls ? "" : readyUrl,
  };
}

function at(port: number, host: string, pathname: string): { port: number; readyUrl: string } {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return { port, readyUrl: `http://${reachable}:${port}${pathname}` };
}
