import { describe, expect, it } from "vitest";

import type { Connection } from "../../lib/trpc.ts";
import { basisWords, deadlineRows, type DeadlineRow, type DeadlineSign } from "./deadline-words.ts";
import { connectionOf } from "./testing.ts";

const byInstagram = connectionOf({ ageDays: 12 });
const byFacebook = connectionOf({ ageDays: 12, flavour: "facebook" });

function row(connection: Connection, sign: DeadlineSign): DeadlineRow {
  const found = deadlineRows(connection).find((each) => each.sign === sign);
  if (found === undefined) throw new Error(`no row for ${sign}`);
  return found;
}

function basis(connection: Connection, sign: DeadlineSign): string | null {
  return basisWords(row(connection, sign).deadline, sign, connection);
}

/** The connection with one deadline known otherwise. */
function known(
  connection: Connection,
  name: "tokenExpiry" | "dataAccessEnd",
  as: "estimated" | "unknown",
): Connection {
  if (connection.deadlines === null) throw new Error("no deadlines");
  const at = as === "unknown" ? null : (connection.life?.expiresAt ?? null);
  return { ...connection, deadlines: { ...connection.deadlines, [name]: { at, basis: as } } };
}

describe("deadlineRows", () => {
  it("goes in the order of a life that renews itself", () => {
    expect(deadlineRows(byInstagram).map(({ sign }) => sign)).toEqual([
      "proof",
      "gate",
      "due",
      "urgent",
      "expiry",
      "access",
    ]);
  });

  it("promises no renewal of what only a person can extend", () => {
    const rows = deadlineRows(byFacebook);
    expect(rows.map(({ sign }) => sign)).toEqual(["proof", "gate", "due", "expiry", "access"]);
    expect(rows.find(({ sign }) => sign === "due")?.name).toBe("You are asked");
    expect(rows.map(({ note }) => note).join(" ")).not.toMatch(/renewed/);
  });

  it("has none without a token", () => {
    expect(deadlineRows({ ...byInstagram, life: null })).toEqual([]);
    expect(deadlineRows({ ...byInstagram, deadlines: null })).toEqual([]);
  });

  it("says what is never, instead of leaving it out", () => {
    expect(row(byInstagram, "access").note).toBe("Instagram Login knows no such end.");
    expect(row(byFacebook, "expiry").note).toBe("A Page’s token has no date of expiry of its own.");
    expect(row(byFacebook, "gate").note).toContain("lets nobody refresh");
  });

  it("says of a look that there was none yet", () => {
    const { deadlines } = byInstagram;
    if (deadlines === null) throw new Error("no deadlines");
    const unseen = { ...deadlines, lastProof: { at: null, basis: "none" as const } };
    expect(row({ ...byInstagram, deadlines: unseen }, "proof").note).toContain("not been looked at yet");
  });
});

describe("basisWords", () => {
  it("names who told an instant, and nobody for our own plan", () => {
    expect(basis(byInstagram, "expiry")).toBe("Told by Instagram");
    expect(basis(byFacebook, "access")).toBe("Told by Facebook");
    for (const sign of ["proof", "gate", "due", "urgent"] as const)
      expect(basis(byInstagram, sign)).toBeNull();
  });

  it("tells never from none", () => {
    expect(basis(byFacebook, "gate")).toBe("Never");
    expect(basis(byFacebook, "expiry")).toBe("None");
    expect(basis(byInstagram, "access")).toBe("None");
  });

  it("calls a guess a guess, and what nobody said unknown, in the note as well", () => {
    const guessed = known(byInstagram, "tokenExpiry", "estimated");
    expect(basis(guessed, "expiry")).toBe("Estimated");
    expect(row(guessed, "expiry").note).toContain("a careful guess");
    const unknown = known(byFacebook, "dataAccessEnd", "unknown");
    expect(basis(unknown, "access")).toBe("Unknown");
    expect(row(unknown, "access").note).toMatch(/Facebook did not say.*careful guess/);
  });
});
