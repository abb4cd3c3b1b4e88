import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { START, startTestApp, wireError, type TestApp } from "../testing/test-app.ts";

it("answers requests that came at once on one connection in their order", async () => {
  await using app = await startTestApp();
  const form = "client_id=x";
  const posted = `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
  const answers = await exchange(app, [
    "GET /me?access_token=nobodys HTTP/1.1\r\nHost: localhost\r\n\r\n",
    `POST /oauth/access_token HTTP/1.1\r\nHost: localhost\r\n${posted}`,
    "POST /oauth/access_token HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  ]);
  expect(answers.match(/Cannot parse|Invalid platform app|Missing required field|Unknown path/g)).toEqual([
    "Cannot parse",
    "Invalid platform app",
    "Missing required field",
    "Unknown path",
  ]);
  expect(app.sim.ledger().map(({ delivery, status }) => [delivery, status])).toEqual(
    Array.from({ length: 4 }, () => ["complete", 400]),
  );
});

it("gives everybody who asks at once an answer of their own, letters beyond ASCII included", async () => {
  await using app = await startTestApp();
  const names = Array.from({ length: 40 }, (_, index) => `Ană ${index} 🌱`);
  const tokens = names.map((name, index) => {
    app.sim.users.add({ key: `p${index}`, name });
    return app.sim.issueLongLivedToken(`p${index}`).value;
  });
  const answers = await Promise.all(tokens.map((token) => app.me(token, "name")));
  expect(answers.map(({ json }) => json["name"])).toEqual(names);
  const lengthByName = new Map(answers.map(({ json, text }) => [json["name"], Buffer.byteLength(text)]));
  for (const { user, bytesSent, delivery } of app.sim.ledger()) {
    const name = names[Number(user?.slice(1))];
    expect([bytesSent, delivery]).toEqual([lengthByName.get(name), "complete"]);
  }
});

it("sends nothing on a connection that is cut between the effect and the end of the turn", async () => {
  let onCall = (): void => undefined;
  const baseNow = () => {
    onCall();
    return START;
  };
  await using app = await startTestApp({ baseNow });
  const token = app.sim.issueLongLivedToken("acme.shop").value;
  onCall = () => {
    onCall = () => undefined;
    process.nextTick(() => app.sim.faults.add({ id: "outage", at: "tcp", do: "tcp_refuse" }));
  };
  expect(await wireError(() => app.me(token))).toBe("ECONNRESET");
  expect(app.sim.ledger().at(-1)).toMatchObject({
    outcome: "accepted",
    status: 200,
    delivery: "none",
    bytesSent: 0,
  });
  app.sim.faults.clear("outage");
  expect((await app.me(token)).status).toBe(200);
});

it("refuses a body that is too long and goes on with a client that hangs up within one", async () => {
  await using app = await startTestApp();
  const head = "POST /oauth/access_token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n";
  expect(await exchange(app, [head, "x".repeat(2_000_000)])).toMatch(/^HTTP\/1\.1 413 /);
  const socket = open(app);
  socket.write(`${head}x`, () => socket.destroy());
  await new Promise((resolve) => socket.once("close", resolve));
  expect((await app.exchangeCode("nobodys")).status).toBe(400);
});

function open({ sim }: TestApp): Socket {
  return connect(Number(new URL(sim.origin).port), "127.0.0.1");
}

/** Writes it all at once and gives what came until the simulator closed the connection. */
async function exchange(app: TestApp, requests: readonly string[]): Promise<string> {
  const socket = open(app);
  socket.write(requests.join(""));
  let answers = "";
  for await (const chunk of socket) answers += String(chunk);
  return answers;
}
