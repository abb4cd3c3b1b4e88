import { describe, expect, it } from "vitest";

import { TooManyRequests } from "./limits.ts";
import { startServer } from "./server.ts";
import { createStreamGate } from "./stream-gate.ts";
import { openTestApp } from "./testing/open-app.ts";

describe("event streams", () => {
  it("IN-05 are as many as one person may need, and no more; one that ends makes room", () => {
    const gate = createStreamGate();
    const open = Array.from({ length: 32 }, () => gate.enter("usr_a"));
    expect(() => gate.enter("usr_a")).toThrow(TooManyRequests);
    const another = gate.enter("usr_b");
    open[0]?.[Symbol.dispose]();
    gate.enter("usr_a");
    another[Symbol.dispose]();
  });

  it("IN-05 are bounded for everybody together", () => {
    const gate = createStreamGate();
    for (let index = 0; index < 4_096; index += 1) gate.enter(`usr_${index}`);
    expect(() => gate.enter("usr_new")).toThrow(TooManyRequests);
  });

  it("IN-05 tell whoever opens too many when to come again, and make room when their page goes", async () => {
    await using app = await openTestApp();
    const server = await startServer(app.runtime, { webRoot: null, port: 0 });
    const browser = app.newBrowser();
    const { connectionId: id } = await browser.signIn(app, "acme.shop");
    const cookie = `perennial_session=${browser.cookies.get("perennial_session")}`;
    const pages: AbortController[] = [];
    const open = async (): Promise<ReadableStreamDefaultReader<string> | undefined> => {
      const page = new AbortController();
      pages.push(page);
      const answer = await fetch(`http://127.0.0.1:${server.port}/trpc/connections.watch`, {
        headers: { accept: "text/event-stream", cookie },
        signal: page.signal,
      });
      return answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    };
    /** What a stream says until it tells of a change, or is refused. */
    const verdictOf = async (reader: Awaited<ReturnType<typeof open>>): Promise<string> => {
      let said = "";
      while (!/"changed"|too_many_requests/.test(said))
        said += (await reader?.read())?.value ?? "too_many_requests";
      return said.includes("too_many_requests") ? "refused" : "told";
    };
    for (let index = 0; index < 32; index += 1) await (await open())?.read();
    expect(await verdictOf(await open())).toBe("refused");
    for (const page of pages) page.abort();
    await expect
      .poll(async () => {
        const reader = await open();
        await reader?.read();
        await browser.mutate("connections.validate", { id });
        return await verdictOf(reader);
      })
      .toBe("told");
    for (const page of pages) page.abort();
    await server.stop();
  });
});
