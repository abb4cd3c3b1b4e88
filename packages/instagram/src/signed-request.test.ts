import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";

import { readSignedRequest, SignedRequestError, type SignedRequestProblem } from "./signed-request.ts";
import { generator } from "./testing/generator.ts";

const secretOf = (name: string) => ({ name, key: createSecretKey(`secret of ${name}`, "utf8") });
const INSTAGRAM = secretOf("instagram");
const FACEBOOK = secretOf("facebook");
const OLD = secretOf("instagram, until last week");
const SECRETS = [INSTAGRAM, FACEBOOK, OLD];

const PAYLOAD =
  '{"algorithm":"HMAC-SHA256","issued_at":1790000000,"expires":0,"user_id":"25811112222333345"}';
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function encode(bytes: Buffer | string): string {
  return Buffer.from(bytes).toString("base64url");
}

function sign(encodedPayload: string, key: KeyObject = INSTAGRAM.key): string {
  return `${encode(createHmac("sha256", key).update(encodedPayload).digest())}.${encodedPayload}`;
}

function problemOf(text: string): SignedRequestProblem | "none" {
  try {
    readSignedRequest(text, SECRETS);
    return "none";
  } catch (error) {
    if (error instanceof SignedRequestError) return error.problem;
    throw error;
  }
}

/** The same bytes in another spelling: the last letter's unused bits are set. */
function respelled(encoded: string): string {
  return encoded.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(encoded.slice(-1)) | 1);
}

describe("a signed request", () => {
  it("MC-01 is read where any of the secrets signed it, and says which one", () => {
    for (const secret of SECRETS) {
      expect(readSignedRequest(sign(encode(PAYLOAD), secret.key), SECRETS)).toEqual({
        userId: "25811112222333345",
        issuedAt: new Date("2026-09-21T14:13:20.000Z"),
        signedWith: secret,
      });
    }
  });

  it("MC-01 is read with padding and without, and in no other spelling", () => {
    const payload = encode(PAYLOAD);
    const withPadding = Buffer.from(PAYLOAD).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
    expect(withPadding).toMatch(/=$/);
    const signature = sign(payload).split(".")[0] ?? "";
    expect(problemOf(sign(withPadding))).toBe("none");
    expect(problemOf(`${signature}=.${payload}`)).toBe("none");
    expect(problemOf(`${signature}==.${payload}`)).toBe("malformed");
    expect(problemOf(`${respelled(signature)}.${payload}`)).toBe("malformed");
    expect(problemOf(sign(respelled(payload)))).toBe("malformed");
    expect(problemOf(sign(`${payload}===`))).toBe("malformed");
    expect(problemOf(sign(encode("ÿÿ>?ÿ").replaceAll("_", "/")))).toBe("malformed");
    for (const stray of [" ", "\n", "%3D", "+"]) {
      expect(problemOf(sign(payload + stray)), JSON.stringify(stray)).toBe("malformed");
      expect(problemOf(stray + sign(payload)), JSON.stringify(stray)).toBe("malformed");
    }
    // What was signed is the text that was received: the same bytes with their padding are signed by another.
    expect(problemOf(`${signature}.${withPadding}`)).toBe("forged");
  });

  it("MC-01 is signed by one of the secrets, with the one algorithm, whatever it says itself", () => {
    const payload = encode(PAYLOAD);
    const [signature = ""] = sign(payload).split(".");
    const other = createSecretKey("somebody else's", "utf8");
    expect(problemOf(sign(payload, other))).toBe("forged");
    expect(problemOf(`${sign(encode("{}")).split(".")[0]}.${payload}`)).toBe("forged");
    expect(problemOf(`${(signature.startsWith("A") ? "B" : "A") + signature.slice(1)}.${payload}`)).toBe(
      "forged",
    );
    expect(problemOf(`.${payload}`)).toBe("malformed");
    expect(problemOf(`${signature.slice(0, 42)}.${payload}`)).toBe("malformed");
    for (const algorithm of ['"none"', '"HMAC-SHA1"', '"RS256"', "null", '["HMAC-SHA256"]', '""'])
      expect(problemOf(sign(encode(PAYLOAD.replace('"HMAC-SHA256"', algorithm)))), algorithm).toBe(
        "wrong_algorithm",
      );
    expect(problemOf(sign(encode(PAYLOAD.replace('"algorithm":"HMAC-SHA256",', ""))))).toBe(
      "wrong_algorithm",
    );
    expect(problemOf(`${encode(createHmac("sha256", "").update(payload).digest())}.${payload}`)).toBe(
      "forged",
    );
    // Of what is forged nothing is read.
    expect(problemOf(sign(encode("no JSON"), other))).toBe("forged");
    expect(() => readSignedRequest(sign(payload), [])).toThrow(SignedRequestError);
  });

  it("OA-09 keeps every digit of an id, however it is written", () => {
    const idOf = (written: string) => {
      const payload = PAYLOAD.replace('"25811112222333345"', written);
      return readSignedRequest(sign(encode(payload)), SECRETS).userId;
    };
    expect(idOf("25811112222333347")).toBe("25811112222333347");
    expect(idOf("123")).toBe("123");
    expect(idOf('"10200000000000001"')).toBe("10200000000000001");
  });

  it("MC-02 is refused as malformed where anything in it is not what it should be", () => {
    const payloads = [
      "",
      "{}",
      "[]",
      "null",
      "7",
      `[${PAYLOAD}]`,
      PAYLOAD.slice(0, -1),
      PAYLOAD.replace('"25811112222333345"', "null"),
      PAYLOAD.replace('"25811112222333345"', '""'),
      PAYLOAD.replace('"25811112222333345"', '"0"'),
      PAYLOAD.replace('"25811112222333345"', '"../x"'),
      PAYLOAD.replace('"25811112222333345"', "1.5"),
      PAYLOAD.replace('"25811112222333345"', '{"id":"1"}'),
      PAYLOAD.replace('"25811112222333345"', `"${"9".repeat(33)}"`),
      PAYLOAD.replace("}", ',"user_id":"7"}'),
      PAYLOAD.replace("}", ',"issued_at":7}'),
      PAYLOAD.replace("1790000000", "-1"),
      PAYLOAD.replace("1790000000", "0"),
      PAYLOAD.replace("1790000000", "1.5"),
      PAYLOAD.replace("1790000000", '"1790000000"'),
      PAYLOAD.replace("1790000000", "9007199254740991"),
      PAYLOAD.replace("1790000000", "1e400"),
    ];
    for (const payload of payloads)
      expect(["malformed", "wrong_algorithm"], payload).toContain(problemOf(sign(encode(payload))));
    expect(problemOf(sign(encode(Buffer.from([0x7b, 0xff, 0x7d]))))).toBe("malformed");
    const whole = sign(encode(PAYLOAD));
    for (const text of [
      "",
      ".",
      "..",
      "a",
      `${whole}.`,
      `${whole}.x`,
      `.${whole}`,
      "x".repeat(9_000),
      "\0.\0",
    ])
      expect(problemOf(text), text.slice(0, 20)).toBe("malformed");
    expect(problemOf(sign(encode(`{"padding":"${"x".repeat(9_000)}",${PAYLOAD.slice(1)}`)))).toBe(
      "malformed",
    );
  });

  it("MC-01 MC-02 is right in 500 of 500 cases and nothing else, in 10,000 that were mutated", () => {
    const seed = 20_261_128;
    const random = generator(seed);
    const below = (end: number) => random() % end;
    const whole = sign(encode(PAYLOAD));
    const noise = `${ALPHABET}=.%+/ \0é`;
    let acted = 0;
    let right = 0;
    for (let count = 0; count < 10_500; count += 1) {
      if (count % 21 === 0) {
        if (problemOf(whole) === "none") right += 1;
        continue;
      }
      let text = whole;
      for (let changes = 1 + below(3); changes > 0; changes -= 1) {
        const at = below(text.length);
        const inserted = noise.charAt(below(noise.length));
        text = text.slice(0, at) + inserted + text.slice(at + below(3));
      }
      // Padding that fits is no change.
      if (text.replace("=.", ".") !== whole && problemOf(text) === "none") acted += 1;
    }
    expect([seed, right, acted]).toEqual([seed, 500, 0]);
  });

  it("says nothing of what it holds in its error", () => {
    const text = sign(encode(PAYLOAD), createSecretKey("other", "utf8"));
    try {
      readSignedRequest(text, SECRETS);
    } catch (error) {
      const said = error instanceof Error ? `${error.message} ${error.stack?.split("\n")[0] ?? ""}` : "";
      expect(said).toBe(
        "None of the app secrets signed this request. SignedRequestError: None of the app secrets signed this request.",
      );
    }
    expect.assertions(1);
  });
});
