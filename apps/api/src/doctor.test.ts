import { writeFileSync } from "node:fs";
import path from "node:path";

import { diagnose, type DiagnoseOptions } from "@perennial/runtime";
import { freePort, openTestWorld, startAppProcess } from "@perennial/runtime/testing";
import { expect, it } from "vitest";

import { startServer } from "./server.ts";

/** Asks the site itself; what Meta calls is answered as the contract says where the api has no such address. */
const siteTransport: NonNullable<DiagnoseOptions["siteTransport"]> = async ({ url, ...init }) => {
  const answer = await fetch(url, init);
  const body = await answer.text();
  if (answer.status === 404 && new URL(url).pathname.startsWith("/meta/"))
    return { status: 400, headers: {}, body: '{"error":{"code":"signed_request_invalid"}}' };
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body };
};

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
    siteTransport,
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
