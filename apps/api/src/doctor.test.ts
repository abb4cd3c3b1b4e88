import { writeFileSync } from "node:fs";
import path from "node:path";

import { diagnose } from "@perennial/runtime";
import { freePort, openTestWorld, startAppProcess } from "@perennial/runtime/testing";
import { expect, it } from "vitest";

import { startServer } from "./server.ts";

it("the doctor finds a right installation all green against the simulator, api and worker running", async () => {
  const [port, workerPort] = await Promise.all([freePort(), freePort()]);
  const appUrl = `http://127.0.0.1:${port}`;
  await using world = await openTestWorld({ appUrl, environment: { WORKER_PORT: String(workerPort) } });
  await using worker = startAppProcess("worker", world.environment);
  writeFileSync(path.join(world.folder, "index.html"), "<!doctype html>");
  const server = await startServer(world.runtime, { webRoot: world.folder, port });
  await worker.lineWith("worker.started");

  const { checks, steps, isSimulated } = await diagnose(world.environment, {
    folder: world.folder,
    factsAt: new Date("2026-11-28T00:00:00Z"),
  });
  await server.stop();
  expect(checks.filter(({ level }) => level !== "green")).toEqual([]);
  expect(checks.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "callbacks.reachable",
      "callbacks.instagram",
      "callbacks.deauthorize",
      "callbacks.data_deletion",
      "database.durable",
      "instagram.facebook",
      "secrets.tracked",
      "workers.running",
    ]),
  );
  expect(isSimulated).toBe(true);
  expect(steps.length).toBeGreaterThan(10);
});
