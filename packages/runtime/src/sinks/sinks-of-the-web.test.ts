import type { OpenedSink } from "@perennial/connections";
import { describe, expect, it } from "vitest";

import { startReceiver } from "../testing/receiver.ts";
import { PRODUCTION, write } from "../testing/write-to-sink.ts";
import type { Resolve } from "./public-address.ts";
import { createSinkWriter } from "./sink-writer.ts";

describe("a sink of somebody on the web", () => {
  const web = { origin: "web" } as const;
  const resolving = (...answers: string[]): Resolve => {
    let asked = 0;
    return (_name, _options, callback) => {
      const address = answers[Math.min(asked, answers.length - 1)] ?? "";
      asked += 1;
      callback(null, [{ address, family: 4 }]);
    };
  };

  it("reaches no private network, whatever the kind, when it is set up and when it is delivered to", async () => {
    await using receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    await using writer = createSinkWriter(PRODUCTION, resolving("127.0.0.1"));
    for (const host of ["127.0.0.1", "[::1]", "localhost", "2130706433", "metadata.internal"]) {
      const base = { key: "k", format: "token" } as const;
      const sinks: OpenedSink["settings"][] = [
        { kind: "webhook", url: `http://${host}:${port}/` },
        { kind: "upstash", url: `http://${host}:${port}/`, token: "t", ...base },
        { kind: "redis", url: `redis://${host}:${port}`, field: null, ...base },
      ];
      for (const settings of sinks) {
        await expect(writer.admit(settings, "web")).rejects.toMatchObject({
          code: "sink_address_not_allowed",
        });
        const outcome = await write(settings, { ...web, resolve: resolving("127.0.0.1") });
        expect(outcome.errorCode).toBe("sink_address_not_allowed");
      }
    }
    expect(receiver.received).toEqual([]);
  });

  it("connects to the address that was checked: a name that changes its mind leads nowhere", async () => {
    await using receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    const settings = { kind: "webhook", url: `http://rebinding.test:${port}/` } as const;
    const resolve = resolving("8.8.8.8", "127.0.0.1");
    await using writer = createSinkWriter(PRODUCTION, resolve);
    expect(await writer.admit(settings, "web")).toEqual(settings);
    expect((await write(settings, { ...web, resolve })).errorCode).toBe("sink_address_not_allowed");
    expect(receiver.received).toEqual([]);
  });

  it("is encrypted in production, runs no program, and is free where it is said to be", async () => {
    await using writer = createSinkWriter({ ...PRODUCTION, needsTls: true });
    const plain = { kind: "webhook", url: "http://8.8.8.8/" } as const;
    await expect(writer.admit(plain, "web")).rejects.toMatchObject({ code: "sink_not_allowed" });
    const program = { kind: "command", program: "/bin/true", args: [] } as const;
    await expect(writer.admit({ ...program, args: [] }, "web")).rejects.toMatchObject({
      code: "sink_not_allowed",
    });
    expect((await write({ ...program, args: [] }, web)).errorCode).toBe("sink_not_allowed");
    const refusals = writer.kinds("web").filter(({ refusal }) => refusal !== null);
    expect(refusals.map(({ kind }) => kind)).toEqual(["env_file", "json_file", "command"]);
    expect(writer.kinds("operator").every(({ refusal }) => refusal === null)).toBe(true);
    await using receiver = await startReceiver();
    const free = { ...PRODUCTION, mayReachPrivate: true };
    const webhook = { kind: "webhook", url: receiver.url } as const;
    expect((await write(webhook, { ...web, limits: free })).errorCode).toBeNull();
  });
});
