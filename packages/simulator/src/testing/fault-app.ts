import type { FaultRule } from "../faults/rule.ts";
import { startTestApp, wireError, type Answer, type TestApp } from "./test-app.ts";

/** An app with a token that may be refreshed. */
export async function openAccount(): Promise<{ app: TestApp & AsyncDisposable; token: string }> {
  const app = await startTestApp();
  const token = app.sim.issueLongLivedToken("acme.shop").value;
  app.sim.clock.advance({ days: 2 });
  return { app, token };
}

/** The answer to one call under one rule. */
export async function under(app: TestApp, rule: FaultRule, call: () => Promise<Answer>): Promise<Answer> {
  const id = app.sim.faults.add(rule);
  const answer = await call();
  app.sim.faults.clear(id);
  return answer;
}

/** The same with a rule in force. */
export async function openUnder(rule: FaultRule): Promise<{ app: TestApp & AsyncDisposable; token: string }> {
  const account = await openAccount();
  account.app.sim.faults.add(rule);
  return account;
}

/** Asks for a refresh and hangs up when told to. */
export function refreshPatiently(app: TestApp, token: string): { hangUp(): Promise<string> } {
  const client = new AbortController();
  const query = { grant_type: "ig_refresh_token", access_token: token };
  const end = app.get("/refresh_access_token", query, { signal: client.signal }).then(
    () => "answered",
    () => "hung up",
  );
  return {
    /** How the call ended: only hanging up can end one that is never answered. */
    hangUp: () => {
      client.abort();
      return end;
    },
  };
}

/** The status of an answer, or the error code of a call that got none. */
export async function wireErrorOr(call: () => Promise<{ status: number }>): Promise<string | number> {
  let status: number | undefined;
  const error = wireError(async () => {
    status = (await call()).status;
    throw Object.assign(new Error("answered"), { code: "ANSWERED" });
  });
  return (await error) === "ANSWERED" && status !== undefined ? status : error;
}
