import type { RewrapReport, RotationStatus, RotationStep } from "@perennial/connections";
import type { Writable } from "node:stream";

import { table } from "./table.ts";

const COUNT = new Intl.NumberFormat("en");
const LINE_INTERVAL_MS = 1_000;
const NAMED = 10;

/** Tells a person once a second how many texts were rewrapped. */
export function rewrapLines(
  out: Writable,
  nowMs: () => number = () => performance.now(),
): (rewrapped: number) => void {
  const beganMs = nowMs();
  let printedMs = -Infinity;
  return (rewrapped) => {
    const now = nowMs();
    if (now - printedMs < LINE_INTERVAL_MS) return;
    printedMs = now;
    const rate = Math.round(rewrapped / Math.max(0.001, (now - beganMs) / 1_000));
    out.write(`rewrapped ${COUNT.format(rewrapped)}, ${COUNT.format(rate)} a second\n`);
  };
}

/** What a rewrap did. */
export function describeRewrap({ rewrapped, unreadable, missed }: RewrapReport): string {
  const lines = [`${COUNT.format(rewrapped)} sealed texts rewrapped.`];
  if (missed > 0) lines.push(`${COUNT.format(missed)} changed at every look: run it again.`);
  if (unreadable.length > 0) {
    lines.push(`${COUNT.format(unreadable.length)} do not open, and stay as they are:`);
    for (const { column, id, reason } of unreadable.slice(0, NAMED))
      lines.push(`  ${column} of ${id}: ${reason}`);
    if (unreadable.length > NAMED) lines.push("  … (all of them with --json)");
    lines.push("A reconnect or disconnect of the connection lets such a text go.");
  }
  return `${lines.join("\n")}\n`;
}

/** Which keys there are and what comes next. */
export function describeStatus(status: RotationStatus): string {
  const rows = status.keys.map(({ keyId, place, retiredAt, rows }) => [
    keyId,
    place === null ? "not in TOKEN_KEYS" : place === 0 ? "seals" : retiredAt === null ? "opens" : "retired",
    COUNT.format(rows),
  ]);
  const servers = status.servers.map(({ kind, keyIds }) => [kind, keyIds?.join(", ") ?? "does not say"]);
  const unnamed = `${COUNT.format(status.unnamedRows)} texts name no key and cannot be opened.\n`;
  return [
    table(["KEY", "USE", "SEALED TEXTS"], rows),
    status.unnamedRows === 0 ? "" : unnamed,
    servers.length === 0 ? "No server runs.\n" : `\n${table(["SERVER", "ITS KEYS"], servers)}`,
    `\n${nextStep(status.step)}\n`,
  ].join("");
}

/** What comes next, in words. */
export function nextStep(step: RotationStep): string {
  switch (step.kind) {
    case "distribute":
      return `Next: ${servers(step.servers)} without ${list(step.keyIds)}. Restart with the whole TOKEN_KEYS.`;
    case "restart":
      return `Next: ${servers(step.servers)} sealing with another key than "${step.keyId}". Restart with it first in TOKEN_KEYS.`;
    case "rewrap":
      return `Next: --rewrap, for the ${COUNT.format(step.rows)} sealed texts that older keys hold.`;
    case "promote_or_drop":
      return `Next: ${list(step.keyIds)} holds nothing. A new key: --promote it. An old one: --drop it.`;
    case "remove":
      return `Next: take ${list(step.keyIds)} out of TOKEN_KEYS, and restart when it suits you.`;
    case "settled":
      return "Nothing to do: one key seals and opens everything. --add begins a rotation.";
  }
}

function servers(count: number): string {
  return count === 1 ? "1 server runs" : `${count} servers run`;
}

function list(keyIds: readonly string[]): string {
  return keyIds.map((keyId) => `"${keyId}"`).join(", ");
}
