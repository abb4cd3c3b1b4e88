import { createTransport } from "@perennial/instagram";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";

import { createAlertSender } from "./alert-sender.ts";

const secret = `whsec_${randomBytes(32).toString("base64")}`;
const message = {
  type: "connection.failing",
  timestamp: "2026-06-01T12:00:00.000Z",
  data: {
    flavour: "instagram",
    appId: "990000000000001",
    connection: null,
    daysLeft: null,
    problem: { code: "transient", message: "Instagram did not answer.", cure: "Wait." },
    reconnectUrl: null,
  },
} as const;

/** A receiver that answers with one status. */
async function receiver(status: number, headers: Record<string, string> = {}) {
  const received: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.writeHead(status, headers).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const transport = createTransport();
  return {
    received,
    send: createAlertSender({ url: `http://127.0.0.1:${port}/hooks?key=k`, secret }, transport),
    close: () => server.close(),
    [Symbol.asyncDispose]: async () => {
      await transport[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("sending an alert", () => {
  it("signs it as Standard Webhooks say, so that the receiver's library takes it", async () => {
    await using target = await receiver(204);
    expect(await target.send("alt_1", message)).toEqual({ httpStatus: 204, errorCode: null });
    const [hook] = target.received;
    const headers = hook?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(hook?.body ?? "", headers)).toEqual(message);
    expect(headers["webhook-id"]).toBe("alt_1");
    const other = new Webhook(`whsec_${randomBytes(32).toString("base64")}`);
    expect(() => other.verify(hook?.body ?? "", headers)).toThrow("No matching signature");
  });

  it.each([400, 401, 404, 410, 429, 500, 503])("does not take %i for an acceptance", async (status) => {
    await using target = await receiver(status);
    expect(await target.send("alt_1", message)).toEqual({ httpStatus: status, errorCode: "refused" });
  });

  it("follows no redirect: what is signed for one address goes to no other", async () => {
    await using other = await receiver(200);
    await using target = await receiver(307, { location: "http://127.0.0.1:1/" });
    expect((await target.send("alt_1", message)).errorCode).toBe("redirect_refused");
    expect(other.received).toEqual([]);
  });

  it("tells a receiver that is not there", async () => {
    await using target = await receiver(200);
    target.close();
    expect(await target.send("alt_1", message)).toMatchObject({
      httpStatus: null,
      errorCode: expect.any(String),
    });
  });
});
