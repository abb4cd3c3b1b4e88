import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";

import { EXPLANATIONS, type ConnectionErrorCode } from "@perennial/connections";
import { StoreError } from "@perennial/runtime";
import { connect, openTestWorld } from "@perennial/runtime/testing";
import { describe, expect, it } from "vitest";

import { commandTree } from "./completion/command-tree.ts";
import { exitCodeOfProblem } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { buildCommands } from "./program.ts";
import { runCommand, runJson } from "./testing/run-command.ts";

type Failed = { error: { code: string; message: string; retryable: boolean; exitCode: number } };

/** What each command needs to get as far as its work. */
const ARGUMENTS: Readonly<Record<string, string[]>> = {
  validate: ["con_0000000000000000000000"],
  refresh: ["con_0000000000000000000000"],
  "users show": ["usr_0"],
  "users end-sessions": ["usr_0"],
  "keys list": ["--user", "usr_0"],
  "keys create": ["--name", "Key", "--reveal", "--user", "usr_0"],
  "keys revoke": ["key_0", "--user", "usr_0"],
  "sinks add": ["con_0000000000000000000000", "webhook", "--url", "https://reader.test/"],
  "sinks remove": ["snk_0000000000000000000000"],
  "sinks test": ["snk_0000000000000000000000"],
  "sinks receipts": ["snk_0000000000000000000000"],
  completion: ["bash"],
  backup: [path.join(tmpdir(), "perennial-no-backup.db")],
  restore: [path.join(tmpdir(), "perennial-no-backup.db")],
};
/** Commands that stand on nothing, or on addresses of their own. */
const WITHOUT_DATABASE = new Set(["completion", "help", "keys", "move", "simulate", "sinks", "users"]);

const silent = { out: new PassThrough(), err: new PassThrough() };
const PATHS = commandTree(buildCommands(silent, () => undefined))
  .slice(1)
  .map((command) => command.path.join(" "));
const AT_WORK = PATHS.filter((path) => !WITHOUT_DATABASE.has(path));

const argsOf = (command: string): string[] => [...command.split(" "), ...(ARGUMENTS[command] ?? [])];

describe("the exit codes of the contract", () => {
  it("belong to these commands", () => {
    expect(PATHS).toEqual(
      expect.arrayContaining(["auth-url", "authenticate", "status", "validate", "refresh"]),
    );
    expect(PATHS).toEqual(expect.arrayContaining(["import", "doctor", "sweep", "simulate", "move", "users"]));
  });

  it.each(PATHS)("0: %s shows its help", async (command) => {
    const { code, out, err } = await runCommand({ environment: {} }, [...command.split(" "), "--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`Usage: perennial ${command}`);
  });

  it.each(PATHS)("2: %s refuses an option that is none", async (command) => {
    const plain = await runCommand({ environment: {} }, [...argsOf(command), "--nonsense"]);
    expect([plain.code, plain.out]).toEqual([2, ""]);
    expect(plain.err).toContain("unknown option");
    const { code, json, err } = await runJson<Failed>({ environment: {} }, [
      ...argsOf(command),
      "--nonsense",
    ]);
    expect([code, err]).toEqual([2, ""]);
    expect(json.error).toMatchObject({ code: "usage", exitCode: 2, retryable: false });
  });

  it.each(["validate", "refresh", "users show", "completion", "backup", "restore"])(
    "2: %s misses its argument",
    async (command) => {
      expect((await runCommand({ environment: {} }, command.split(" "))).code).toBe(2);
    },
  );

  it("2: an unknown command, and the one that was meant", async () => {
    const { code, err } = await runCommand({ environment: {} }, ["statsu"]);
    expect([code, err]).toEqual([2, expect.stringContaining("Did you mean status?")]);
    expect((await runCommand({ environment: {} }, [])).code).toBe(2);
    expect((await runCommand({ environment: {} }, ["completion", "tcsh"])).code).toBe(2);
  });

  it("5: settings that cannot be used, in every command that needs them, with every one named", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "perennial-cli-"));
    const environment = { DATABASE_URL: `file:${folder}/x.db`, REFRESH_CRON: "nonsense", APP_URL: "nowhere" };
    for (const command of AT_WORK) {
      const { code, out, err } = await runCommand({ environment }, argsOf(command), "AQD");
      expect([command, code]).toEqual([command, 5]);
      for (const name of ["REFRESH_CRON", "APP_URL"]) expect(out + err).toContain(name);
    }
    const { code, json } = await runJson<Failed>({ environment }, ["status"]);
    expect([code, json.error]).toEqual([
      5,
      expect.objectContaining({ code: "configuration", retryable: false }),
    ]);
    rmSync(folder, { recursive: true });
  });

  it("5: other keys than those of the database, and a file that is none", async () => {
    await using world = await openTestWorld();
    const TOKEN_KEYS = `dev:${randomBytes(32).toString("base64")}`;
    const place = { environment: { ...world.environment, TOKEN_KEYS } };
    for (const command of AT_WORK.filter((each) => each !== "restore")) {
      // which looks at its backup first
      expect([command, (await runCommand(place, argsOf(command), "AQD")).code]).toEqual([command, 5]);
    }
    const file = path.join(world.folder, "no-database.db");
    writeFileSync(file, "This is no database. ".repeat(1000));
    const damaged = { environment: { ...world.environment, DATABASE_URL: `file:${file}` } };
    const { code, json } = await runJson<Failed>(damaged, ["status"]);
    expect([code, json.error.code]).toEqual([5, "database_corrupt"]);
  });

  it("4: a simulator or a database that does not answer", async () => {
    await using world = await openTestWorld();
    const away = { environment: { ...world.environment, SIMULATOR_PORT: "9", SIMULATOR_FACEBOOK_PORT: "9" } };
    const { code, json } = await runJson<Failed>(away, ["status"]);
    expect([code, json.error]).toEqual([
      4,
      expect.objectContaining({ code: "simulator_away", retryable: true }),
    ]);
  });

  it.each([
    ["busy", 4],
    ["unavailable", 4],
    ["corrupt", 5],
    ["schema_newer", 5],
    ["moved", 5],
  ] as const)("a database that is %s ends with %i", (code, exitCode) => {
    expect(failureOf(new StoreError(code, "A sentence."))).toEqual({
      code: `database_${code}`,
      message: "A sentence.",
      cure: null,
      retryable: exitCode === 4,
      exitCode,
    });
  });

  it("1: what nobody thought of", async () => {
    await using world = await openTestWorld();
    writeFileSync(path.join(world.folder, "development-secrets.json"), "{");
    const { code, json } = await runJson<Failed>(world, ["status"]);
    expect([code, json.error.code]).toEqual([1, "unexpected"]);
  });

  it("3, 4, 5: what Instagram says of a token, an outage and the app", async () => {
    await using world = await openTestWorld();
    await connect(world, "acme.shop");
    const faultOf = async (withSettings: Record<string, unknown>): Promise<number> => {
      const id = world.sim.faults.add({ at: "me", do: "graph_error", with: withSettings });
      const { code } = await runCommand(world, ["validate", "@acme.shop"]);
      world.sim.faults.clear(id);
      return code;
    };
    expect(await faultOf({ code: 190, sub: 460 })).toBe(3);
    expect(await faultOf({ code: 2 })).toBe(4);
    expect(await faultOf({ code: 4 })).toBe(4);
    expect(await faultOf({ code: 101 })).toBe(5);
  });

  it("follow from the code of every problem, and nothing that passes by itself is anybody's task", () => {
    const codes = Object.keys(EXPLANATIONS) as ConnectionErrorCode[];
    for (const code of codes) {
      expect([2, 3, 4, 5]).toContain(exitCodeOfProblem(code));
      expect([code, exitCodeOfProblem(code) === 4]).toEqual([code, EXPLANATIONS[code].retryable]);
    }
  });
});
