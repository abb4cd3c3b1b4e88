import { hash, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

const secretsFile = z.strictObject({
  jwtSecret: z.string(),
  tokenKeys: z.string(),
  cronSecret: z.string(),
  simulatorClientSecret: z.string(),
  simulatorControlSecret: z.string(),
});

/** What development needs and nobody should have to invent. */
export type DevelopmentSecrets = z.infer<typeof secretsFile> & {
  /** Follows from the other one of the simulator, so that files of older versions go on. */
  simulatorFacebookSecret: string;
};

/**
 * The secrets of this folder, made on first use and kept with mode 0600. Several processes may start at
 * once: the first to finish its file wins, and all read the same.
 */
export function developmentSecrets(folder: string): DevelopmentSecrets {
  const file = path.join(folder, "development-secrets.json");
  const kept = readSecrets(file) ?? makeSecrets(folder, file);
  const simulatorFacebookSecret = hash("sha256", `facebook ${kept.simulatorClientSecret}`).slice(0, 32);
  return { ...kept, simulatorFacebookSecret };
}

/** Puts another key ring in the place of the one of this folder, which has to have its secrets already. */
export function replaceDevelopmentKeys(folder: string, tokenKeys: string): void {
  const file = path.join(folder, "development-secrets.json");
  const kept = readSecrets(file);
  if (kept === null) throw new Error("There are no development secrets to change.");
  renameSync(writeDraft(file, { ...kept, tokenKeys }), file);
}

function readSecrets(file: string): z.infer<typeof secretsFile> | null {
  try {
    return secretsFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Error("data/development-secrets.json cannot be read. Delete it to have a new one made.", {
      cause: error,
    });
  }
}

function makeSecrets(folder: string, file: string): z.infer<typeof secretsFile> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secrets: z.infer<typeof secretsFile> = {
    jwtSecret: randomBytes(48).toString("base64url"),
    tokenKeys: `dev:${randomBytes(32).toString("base64")}`,
    cronSecret: randomBytes(32).toString("base64url"),
    simulatorClientSecret: `SIMSEC_${randomBytes(16).toString("hex")}`,
    simulatorControlSecret: randomBytes(24).toString("base64url"),
  };
  const draft = writeDraft(file, secrets);
  try {
    linkSync(draft, file); // atomic, and fails when another process was first
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
  const kept = readSecrets(file);
  if (kept === null) throw new Error("The development secrets vanished while they were being made.");
  return kept;
}

/** Writes secrets beside their file, for their owner only; answers where. */
function writeDraft(file: string, secrets: z.infer<typeof secretsFile>): string {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(draft, 0o600); // whatever the umask says
  return draft;
}
