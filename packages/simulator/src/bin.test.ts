import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { openStateFolder } from "./testing/state-folder.ts";
import { startTestApp } from "./testing/test-app.ts";

const { PATH, NODE_COMPILE_CACHE } = process.env;
const BIN = fileURLToPath(new URL("bin.ts", import.meta.url));

/** Runs the command; gives what it printed as soon as it printed a line, and how it ended. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [BIN], { env: { PATH, NODE_COMPILE_CACHE, ...env } });
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
    const [origin = "", facebookOrigin = ""] = (await line).match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
    const clock = await fetch(`${origin}/__sim/clock`);
    expect(clock.status).toBe(200);
    await clock.text();
    child.kill(signal);
    expect(await ended).toEqual({
      code: 0,
      stdout: `Simulated Instagram at ${origin} and Facebook at ${facebookOrigin} (client ids 990000000000001 and 770000000000001, seed 5)\n`,
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

/** A command with a state file that was told to issue a token. */
async function issueToken(stateFile: string) {
  const command = run({ SIMULATOR_PORT: "0", SIM_CONTROL_SECRET: "mine", SIM_STATE_FILE: stateFile });
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(await command.line)?.[0] ?? "";
  const post = async (path: string, body: object): Promise<string> => {
    const headers = { "x-sim-secret": "mine" };
    return (await fetch(`${origin}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).text();
  };
  const token = /SIMTOK_\w+/.exec(await post("/__sim/token", { user: "acme.shop" }))?.[0] ?? "";
  const refresh = (value: string) =>
    fetch(`${origin}/refresh_access_token?grant_type=ig_refresh_token&access_token=${value}`);
  return { ...command, token, post, refresh };
}

it("remembers a token across SIGTERM, however soon it comes", async () => {
  await using place = await openStateFolder();
  const first = await issueToken(place.stateFile);
  first.child.kill("SIGTERM");
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  const second = await issueToken(place.stateFile);
  await second.post("/__sim/clock", { advance_ms: 30 * 86_400_000 });
  expect((await second.refresh(first.token)).status).toBe(200);
  expect(second.token).not.toBe(first.token);
});

it("remembers what it saved across SIGKILL right after", async () => {
  await using place = await openStateFolder();
  const watcher = watch(place.folder);
  const first = await issueToken(place.stateFile);
  for (;;) {
    const changed = once(watcher, "change"); // before the look, so that none is missed
    if ((await readFile(place.stateFile, "utf8")).includes(first.token)) break;
    await changed;
  }
  watcher.close();
  first.child.kill("SIGKILL");
  expect((await first.ended).code).toBeNull();
  const second = await issueToken(place.stateFile);
  await second.post("/__sim/clock", { advance_ms: 30 * 86_400_000 });
  expect((await second.refresh(first.token)).status).toBe(200);
});

it("says in one line what became of a state file it cannot use", async () => {
  await using place = await openStateFolder();
  await writeFile(place.stateFile, "{");
  const { child, line, ended } = run({ SIMULATOR_PORT: "0", SIM_STATE_FILE: place.stateFile });
  await line;
  child.kill("SIGTERM");
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([
    0,
    `The state file ${place.stateFile} could not be used and is now ${place.stateFile}.unreadable; the simulator starts afresh. It is not JSON.\n`,
  ]);
});
