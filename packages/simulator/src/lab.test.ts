import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { startTestApp } from "./testing/test-app.ts";

/** An app that answers deletions as Meta asks for. */
async function startReceiver() {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      calls.push(request.url ?? "");
      response.end('{"url":"https://app.example.com/deletion/x?a=1&b=2","confirmation_code":"x"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    callbacks: { deauthorizeUrl: `${origin}/removed`, dataDeletionUrl: `${origin}/deletion` },
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openPage(origin: string) {
  const answer = await fetch(`${origin}/`);
  const html = await answer.text();
  const formToken = /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const post = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({ form_token: formToken, flavour: "ig", ...fields });
    const posted = await fetch(`${origin}/__sim/leaving`, { method: "POST", body });
    return { status: posted.status, html: await posted.text() };
  };
  return { html, policy: answer.headers.get("content-security-policy") ?? "", post };
}

it("lets a person remove the app: their tokens end, and the app is told as Meta tells it", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({ callbacks: receiver.callbacks });
  const token = String((await app.exchange(await app.shortLived())).json["access_token"]);
  expect((await app.me(token)).status).toBe(200);
  const page = await openPage(app.sim.origin);
  expect(page.html).toContain('aria-label="Remove the app: acme.shop"');
  expect(page.policy).toContain(`form-action 'self' ${app.sim.origin}`);
  const left = await page.post({ user: "acme.shop", how: "remove_app" });
  expect([left.status, receiver.calls]).toEqual([200, ["/removed"]]);
  expect(left.html).toContain("acme.shop has left");
  expect((await app.me(token)).json).toMatchObject({ error: { code: 190, error_subcode: 458 } });
});

it("lets a person have their data deleted, at Facebook too, and links to where they can see how far it is", async () => {
  await using receiver = await startReceiver();
  await using app = await startTestApp({ callbacks: receiver.callbacks });
  const page = await openPage(app.sim.origin);
  const left = await page.post({ user: "maya.brandt", flavour: "fb", how: "delete_data" });
  expect([left.status, receiver.calls]).toEqual([200, ["/removed", "/deletion"]]);
  expect(left.html).toContain('href="https://app.example.com/deletion/x?a=1&amp;b=2"');
});

it("has nobody leave for another website, or who is not here, and says where callbacks go nowhere", async () => {
  await using app = await startTestApp();
  const page = await openPage(app.sim.origin);
  for (const form_token of ["", "x".repeat(43)])
    expect((await page.post({ user: "acme.shop", how: "remove_app", form_token })).status).toBe(403);
  expect((await page.post({ user: "nobody", how: "remove_app" })).status).toBe(400);
  expect((await page.post({ user: "x".repeat(20_000), how: "remove_app" })).status).toBe(413);
  expect((await page.post({ user: "acme.shop", how: "delete_data" })).html).toContain("No address is set");
});
