import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";

/** A certificate for `name`, signed by its own fresh key, valid for the day around `now`. */
export function selfSignedCertificate(name: string, now: Date): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = certificateBody(name, now, publicKey);
  const signature = createSign("sha256").update(body).sign(privateKey);
  const bytes = sequence(body, ECDSA_WITH_SHA256, tagged(0x03, Buffer.of(0), signature));
  const lines = bytes.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function certificateBody(name: string, now: Date, publicKey: KeyObject): Buffer {
  const day = 86_400_000;
  const distinguishedName = sequence(
    tagged(0x31, sequence(objectId([0x55, 4, 3]), tagged(0x0c, Buffer.from(name)))),
  );
  const alternativeName = sequence(
    objectId([0x55, 0x1d, 0x11]),
    tagged(0x04, sequence(tagged(0x82, Buffer.from(name)))),
  );
  return sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))), // X.509 version 3
    tagged(0x02, Buffer.of(1)), // serial number
    ECDSA_WITH_SHA256,
    distinguishedName,
    sequence(utcTime(new Date(now.getTime() - day)), utcTime(new Date(now.getTime() + day))),
    distinguishedName,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(alternativeName)),
  );
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function objectId(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}

function utcTime(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/\D/g, "");
  return tagged(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

const ECDSA_WITH_SHA256 = sequence(objectId([0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
