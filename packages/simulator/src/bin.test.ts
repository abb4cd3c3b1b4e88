import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { startTestApp } from "./testing/test-app.ts";

const BIN = fileURLToPath(new URL("bin.ts", import.meta.url));

/** Runs the command; gives what it printed as soon as it printed a line, and how it ended. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [BIN], { env: { PATH: process.env["PATH"] ?? "", ...env } });
  onTestFinished(() => void child.kill("SIGKILL")); // a failed test leaves nothing running
  let [stdout, stderr] = ["", ""];
  const line = new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("\n")) resolve(stdout);
    });
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, line, ended };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  it(`says in one line where it is and ends at once with 0 on ${signal}`, async () => {
    const { child, line, ended } = run({ SIMULATOR_PORT: "0", SIM_SEED: "5", SIM_CONTROL_SECRET: "mine" });
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(await line)?.[0] ?? "";
    const clock = await fetch(`${origin}/__sim/clock`);
    expect(clock.status).toBe(200);
    await clock.text();
    child.kill(signal);
    expect(await ended).toEqual({
      code: 0,
      stdout: `Simulated Instagram at ${origin} (client id 990000000000001, seed 5)\n`,
      stderr: "",
    });
  });
}

it("prints a control secret it had to make up", async () => {
  const { child, line, ended } = run({ SIMULATOR_PORT: "0" });
  expect(await line).toMatch(/control secret SIMCTL_[\w-]{32}\)\n$/);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
});

it("says in one sentence that its port is taken and ends with 1", async () => {
  await using app = await startTestApp();
  const { port } = new URL(app.sim.origin);
  const { code, stdout, stderr } = await run({ SIMULATOR_PORT: port }).ended;
  expect([code, stdout, stderr]).toEqual([
    1,
    "",
    `The simulator did not start. Port ${port} is taken: something else listens there.\n`,
  ]);
});

it("SU-04 does not start in production", async () => {
  const { code, stderr } = await run({ SIMULATOR_PORT: "0", NODE_ENV: "production" }).ended;
  expect([code, stderr]).toEqual([
    1,
    "The simulator did not start. The simulator does not run in production (NODE_ENV is production).\n",
  ]);
});
