import type { SinkOutcome } from "@perennial/connections";
import { createClient } from "@redis/client";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { startReceiver } from "../testing/receiver.ts";
import { hasRedisServer, startRedisServer } from "../testing/redis-server.ts";
import { DAYS_60_MS, MESSAGE, PRODUCTION, SECRET, TOKEN, write } from "../testing/write-to-sink.ts";
import { createSinkWriter } from "./sink-writer.ts";

const DONE: SinkOutcome = { httpStatus: null, errorCode: null };

function folder() {
  const name = mkdtempSync(path.join(tmpdir(), "perennial-sinks-"));
  return {
    name,
    file: (...parts: string[]) => path.join(name, ...parts),
    [Symbol.dispose]: () => rmSync(name, { recursive: true, force: true }),
  };
}

describe("a token in a file", () => {
  it("is in its place, readable by its owner alone, and nothing is left beside it", async () => {
    using directory = folder();
    const env = directory.file(".env");
    writeFileSync(env, "A=1\nT='old'\n", { mode: 0o644 });
    expect(await write({ kind: "env_file", path: env, key: "T" })).toEqual(DONE);
    expect(readFileSync(env, "utf8")).toBe(`A=1\nT='${TOKEN}'\n`);
    expect(statSync(env).mode & 0o777).toBe(0o600);
    const json = directory.file("tokens.json");
    const places = { token: "/instagram/token", expiresAt: "instagram.ends", accountId: "instagram.id" };
    expect(await write({ kind: "json_file", path: json, ...places })).toEqual(DONE);
    expect(JSON.parse(readFileSync(json, "utf8"))).toEqual({
      instagram: { token: TOKEN, ends: MESSAGE.expires_at, id: MESSAGE.account_id },
    });
    expect(statSync(json).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory.name).toSorted()).toEqual([".env", "tokens.json"]);
  });

  it("loses no other key, however many are written to one file at once", async () => {
    using directory = folder();
    const env = directory.file(".env");
    writeFileSync(env, "# mine\n");
    const keys = Array.from({ length: 12 }, (_, index) => `T${index}`);
    const outcomes = await Promise.all(
      keys.map((key) =>
        write({ kind: "env_file", path: env, key }, { message: { access_token: `of-${key}` } }),
      ),
    );
    expect(outcomes).toEqual(keys.map(() => DONE));
    const lines = readFileSync(env, "utf8").trim().split("\n");
    expect(lines.toSorted()).toEqual(["# mine", ...keys.map((key) => `${key}=of-${key}`)].toSorted());
  });

  it("is whole or not there at all: what is not well-formed, no file, or not to be written stays as it was", async () => {
    using directory = folder();
    const json = directory.file("broken.json");
    writeFileSync(json, '{"a": 1');
    const places = { token: "t", expiresAt: null, accountId: null };
    expect((await write({ kind: "json_file", path: json, ...places })).errorCode).toBe(
      "sink_file_unreadable",
    );
    expect(readFileSync(json, "utf8")).toBe('{"a": 1');
    writeFileSync(json, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect((await write({ kind: "json_file", path: json, ...places })).errorCode).toBe(
      "sink_file_unreadable",
    );
    const inside = { kind: "env_file", path: directory.name, key: "T" } as const;
    expect((await write(inside)).errorCode).toBe("sink_file_unreadable");
    const missing = { kind: "env_file", path: directory.file("no", ".env"), key: "T" } as const;
    expect((await write(missing)).errorCode).toBe("sink_file_unwritable");
    const late = { kind: "env_file", path: directory.file("late.env"), key: "T" } as const;
    expect((await write(late, { signal: AbortSignal.abort() })).errorCode).toBe("sink_timed_out");
    expect(readdirSync(directory.name)).toEqual(["broken.json"]);
  });

  it("takes no offence at what a crash has left, and follows a link of the operator's to its end", async () => {
    using directory = folder();
    const shared = directory.file("shared.env");
    writeFileSync(shared, "A=1\n");
    const link = directory.file(".env");
    symlinkSync(shared, link);
    const lock = directory.file(".shared.env.perennial-lock");
    writeFileSync(lock, "of a process that was killed");
    utimesSync(lock, new Date(0), new Date(0));
    writeFileSync(directory.file(".shared.env.perennial-new"), "half of a fi");
    expect(await write({ kind: "env_file", path: link, key: "T" })).toEqual(DONE);
    expect(readFileSync(shared, "utf8")).toBe(`A=1\nT=${TOKEN}\n`);
    expect(readdirSync(directory.name).toSorted()).toEqual([".env", "shared.env"]);
  });

  it("is kept within the folders that are open to the web", async () => {
    using directory = folder();
    const open = directory.file("open");
    const limits = { ...PRODUCTION, folders: [open] };
    const web = { origin: "web", limits } as const;
    await using writer = createSinkWriter(limits);
    const admit = (file: string) => writer.admit({ kind: "env_file", path: file, key: "T" }, "web");
    expect(await admit("site.env")).toMatchObject({ path: path.join(open, "site.env") });
    for (const outside of ["../x.env", "/etc/passwd", "a/../../x", open, "", ".", `${open}-2/x`])
      await expect(admit(outside)).rejects.toMatchObject({ code: "sink_not_allowed" });
    const at = (...parts: string[]) =>
      ({ kind: "env_file", path: path.join(open, ...parts), key: "T" }) as const;
    expect(await write(at("site.env"), web)).toEqual(DONE);
    const secret = directory.file("secret.env");
    writeFileSync(secret, "S=1\n");
    symlinkSync(secret, path.join(open, "link.env"));
    symlinkSync(directory.name, path.join(open, "up"));
    for (const sneaky of [at("link.env"), at("up", "secret.env"), { ...at(), path: secret }])
      expect((await write(sneaky, web)).errorCode).toBe("sink_not_allowed");
    expect(readFileSync(secret, "utf8")).toBe("S=1\n");
    const nowhere = { origin: "web", limits: PRODUCTION } as const;
    expect((await write(at("site.env"), nowhere)).errorCode).toBe("sink_not_allowed");
  });
});

describe.skipIf(!hasRedisServer)("a token in a real Redis", () => {
  it("is under its key until it ends, or in a field; and a server that refuses is told from one that is away", async () => {
    const server = await startRedisServer();
    await using stack = new AsyncDisposableStack();
    stack.use(server);
    const { url } = server;
    const redis = { kind: "redis", url, field: null, format: "json" } as const;
    expect(await write({ ...redis, key: "ig:token" })).toEqual(DONE);
    expect(await write({ ...redis, key: "ig:bare", format: "token" })).toEqual(DONE);
    expect(await write({ ...redis, key: "ig:all", field: "acme", format: "token" })).toEqual(DONE);
    const client = createClient({ url, RESP: 2 });
    await client.connect();
    try {
      expect(JSON.parse((await client.get("ig:token")) ?? "")).toEqual(MESSAGE);
      expect(await client.get("ig:bare")).toBe(TOKEN);
      expect(await client.hGetAll("ig:all")).toMatchObject({ acme: TOKEN });
      const endsInMs = await client.pTTL("ig:token");
      expect(endsInMs).toBeGreaterThan(DAYS_60_MS - 10_000);
      expect(endsInMs).toBeLessThanOrEqual(DAYS_60_MS);
    } finally {
      client.destroy();
    }
    const key = "ig:token";
    const of = (address: string) => write({ ...redis, url: address, key }).then(({ errorCode }) => errorCode);
    expect(await of(`redis://:wrong@127.0.0.1:${server.port}`)).toBe("sink_auth_failed");
    expect(await of(`redis://127.0.0.1:${server.port}`)).toBe("sink_auth_failed");
    expect(await write({ ...redis, key: "ig:token", field: "x" })).toMatchObject({
      errorCode: "sink_refused",
    });
    expect(await of(`${url}/99`)).toBe("sink_refused");
    expect(await of("redis://127.0.0.1:1")).toBe("sink_unreachable");
  });
});

describe("a token over HTTP", () => {
  it("is set in Upstash by one command, with its REST token", async () => {
    await using receiver = await startReceiver();
    const upstash = {
      kind: "upstash",
      url: receiver.url,
      token: "rest-token",
      key: "ig",
      format: "json",
    } as const;
    expect(await write(upstash)).toEqual({ httpStatus: 200, errorCode: null });
    const [request] = receiver.received;
    expect(request?.headers["authorization"]).toBe("Bearer rest-token");
    expect(JSON.parse(request?.body ?? "")).toEqual([
      "SET",
      "ig",
      JSON.stringify(MESSAGE),
      "PX",
      String(DAYS_60_MS),
    ]);
    receiver.answerWith({ status: 401, body: '{"error":"Unauthorized"}' });
    expect(await write(upstash)).toEqual({ httpStatus: 401, errorCode: "sink_auth_failed" });
    receiver.answerWith({ status: 400, body: '{"error":"ERR"}' });
    expect(await write(upstash)).toEqual({ httpStatus: 400, errorCode: "sink_refused" });
  });

  it("is signed as Standard Webhooks say, and follows no redirect", async () => {
    await using receiver = await startReceiver();
    const webhook = { kind: "webhook", url: `${receiver.url}hook` } as const;
    expect(await write(webhook)).toEqual({ httpStatus: 200, errorCode: null });
    const [request] = receiver.received;
    const verified = new Webhook(SECRET).verify(request?.body ?? "", request?.headers ?? {});
    expect(verified).toMatchObject({ type: "connection.token", data: MESSAGE });
    receiver.answerWith({ status: 307, headers: { location: `${receiver.url}elsewhere` } });
    expect((await write(webhook)).errorCode).toBe("sink_refused");
    expect(receiver.received).toHaveLength(2);
  });
});

describe("a token for a program", () => {
  it("comes on its standard input, with none of our environment", async () => {
    using directory = folder();
    const program = directory.file("take.sh");
    const taken = directory.file("taken");
    writeFileSync(program, `#!/bin/sh\ncat > "$1.new"; env >> "$1.env"; mv "$1.new" "$1"\n`);
    chmodSync(program, 0o700);
    vi.stubEnv("A_SECRET_OF_OURS", "secret");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await write({ kind: "command", program, args: [taken] })).toEqual(DONE);
    expect(JSON.parse(readFileSync(taken, "utf8"))).toEqual(MESSAGE);
    expect(readFileSync(`${taken}.env`, "utf8")).not.toContain("A_SECRET_OF_OURS");
    const failing = { kind: "command", program: "/bin/false", args: [] } as const;
    expect((await write({ ...failing, args: [] })).errorCode).toBe("sink_command_failed");
    const missing = { kind: "command", program: directory.file("none"), args: [] as string[] } as const;
    expect((await write(missing)).errorCode).toBe("sink_command_failed");
  });

  it("ends with all that it has started at the end of its time", async () => {
    using directory = folder();
    const mark = directory.file("still-here");
    const args = ["-c", `(sleep 1; touch ${mark}) & sleep 30`];
    const startedAtMs = performance.now();
    const signal = AbortSignal.timeout(150);
    const outcome = await write({ kind: "command", program: "/bin/sh", args }, { signal });
    expect(outcome.errorCode).toBe("sink_timed_out");
    expect(performance.now() - startedAtMs).toBeLessThan(900);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(existsSync(mark)).toBe(false);
  });
});
