import { createCipheriv, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { TokenSealError, createTokenSeal, type TokenSeal } from "./token-seal.ts";

const key = (id: string) => ({ id, key: randomBytes(32) });
const row = { connectionId: "con_a", flavour: "instagram" };

function refusal(seal: TokenSeal, sealed: string, belongsTo = row): string {
  try {
    return `opened: ${seal.open(sealed, belongsTo)}`;
  } catch (error) {
    if (error instanceof TokenSealError) return error.code;
    throw error;
  }
}

describe("the token seal", () => {
  it("TS-01 gives the token back, and shows nothing of it while sealed", () => {
    const seal = createTokenSeal([key("k1")]);
    const sealed = seal.seal("SIMTOK_secret-token", row);
    expect(seal.open(sealed, row)).toBe("SIMTOK_secret-token");
    for (const encoding of ["utf8", "base64", "base64url", "hex"] as const) {
      expect(sealed).not.toContain(Buffer.from("SIMTOK_secret-token").toString(encoding).slice(0, 12));
    }
  });

  it("TS-02 does not open a text that was moved to another row or flavour", () => {
    const seal = createTokenSeal([key("k1")]);
    const sealed = seal.seal("token", row);
    expect(refusal(seal, sealed, { ...row, connectionId: "con_b" })).toBe("damaged");
    expect(refusal(seal, sealed, { ...row, flavour: "facebook" })).toBe("damaged");
    // The fields are told apart: shifting a character from one to the other is another context.
    const shifted = seal.seal("token", { connectionId: "con_ai", flavour: "nstagram" });
    expect(refusal(seal, shifted)).toBe("damaged");
  });

  it("TS-03 refuses every changed byte and every cut of the tag", () => {
    const seal = createTokenSeal([key("k1")]);
    const [format, id, nonce, body] = seal.seal("a token", row).split(".");
    const bytes = Buffer.from(body ?? "", "base64url");
    for (const kept of [4, 8, 12, 15]) {
      const cut = bytes.subarray(0, bytes.length - 16 + kept).toString("base64url");
      expect(refusal(seal, [format, id, nonce, cut].join("."))).toBe("damaged");
    }
    for (let index = 0; index < bytes.length; index += 1) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      expect(refusal(seal, [format, id, nonce, flipped.toString("base64url")].join("."))).toBe("damaged");
    }
  });

  it("TS-03 takes a tag of 16 bytes and no shorter one, whoever could make it fit", () => {
    const ringKey = key("k1");
    const seal = createTokenSeal([ringKey]);
    const context = JSON.stringify(["connections", "sealed_token", row.connectionId, row.flavour]);
    // Of an empty text nothing is left but the tag: the shorter it is, the sooner it is guessed.
    const withTagOf = (bytes: number): string => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", ringKey.key, nonce).setAAD(Buffer.from(context));
      cipher.final();
      const tag = cipher.getAuthTag().subarray(0, bytes);
      return `v1.k1.${nonce.toString("base64url")}.${tag.toString("base64url")}`;
    };
    expect(refusal(seal, withTagOf(16))).toBe("opened: ");
    for (const bytes of [0, 1, 4, 8, 12, 13, 14, 15])
      expect([bytes, refusal(seal, withTagOf(bytes))]).toEqual([bytes, "damaged"]);
  });

  it("TS-03 never repeats a nonce in 50,000 seals", () => {
    const seal = createTokenSeal([key("k1")]);
    const nonces = new Set(Array.from({ length: 50_000 }, () => seal.seal("t", row).split(".")[2]));
    expect(nonces.size).toBe(50_000);
    expect(Buffer.from([...nonces][0] ?? "", "base64url")).toHaveLength(12);
  });

  it("seals with the first key and opens with the one the text names, trying no other", () => {
    const [oldKey, newKey] = [key("old"), key("new")];
    const sealed = createTokenSeal([oldKey]).seal("token", row);
    const both = createTokenSeal([newKey, oldKey]);
    expect(both.open(sealed, row)).toBe("token");
    expect(both.seal("token", row)).toMatch(/^v1\.new\./);
    expect(refusal(createTokenSeal([newKey]), sealed)).toBe("key_unknown");
    expect(refusal(both, sealed.replace(".old.", ".new."))).toBe("damaged");
  });

  it("treats anything that is not a sealed token as damaged", () => {
    const seal = createTokenSeal([key("k1")]);
    for (const text of [
      "",
      ".",
      "v1",
      "v2.k1.a.b",
      "v1.k1..",
      "plain token",
      "v1.k1.AAAA.BBBB",
      "v1.k1.a.b.c",
    ]) {
      expect(refusal(seal, text)).toBe("damaged");
    }
  });

  it("TS-04 recognises by its check value that a key was replaced under the same id", () => {
    const ring = [key("k1")];
    const stored = createTokenSeal(ring).checkValue("k1");
    expect(createTokenSeal(ring).matchesCheckValue("k1", stored)).toBe(true);
    expect(createTokenSeal([key("k1")]).matchesCheckValue("k1", stored)).toBe(false);
  });

  it("refuses an empty ring, a short key and an id used twice", () => {
    expect(() => createTokenSeal([])).toThrow(RangeError);
    expect(() => createTokenSeal([{ id: "k", key: randomBytes(16) }])).toThrow(/32 bytes/);
    expect(() => createTokenSeal([key("k"), key("k")])).toThrow(/twice/);
    expect(() => createTokenSeal([key("a.b")])).toThrow(/malformed/);
  });
});
