import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { root } from "./lib/processes.ts";

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

/** The instructions of a Dockerfile, each in one line, without remarks. */
function instructionsOf(text: string): [name: string, rest: string][] {
  const joined = text.replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n\s*/g, " ");
  return joined
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
}

type Service = {
  image: string;
  command?: string[];
  read_only?: boolean;
  init?: boolean;
  cap_drop: string[];
  security_opt: string[];
  ulimits?: { core: number };
  ports?: string[];
};

describe("the image", () => {
  const instructions = instructionsOf(read("Dockerfile"));
  const lastFrom = instructions.findLastIndex(([name]) => name === "FROM");
  const final = instructions.slice(lastFrom);
  const { node } = (parse(read("pnpm-workspace.yaml")) as { catalog: Record<string, string> }).catalog;
  const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };

  it("is made of the Node and the pnpm that everything here is tried with, by exact version", () => {
    const bases = instructions.filter(([name]) => name === "FROM").map(([, rest]) => rest.split(" ")[0]);
    expect(new Set(bases)).toEqual(new Set([`node:${node}-bookworm-slim`]));
    expect(read("Dockerfile")).toContain(`npm install --global ${packageManager}\n`);
  });

  it("GS-04 runs Node as its first process, as nobody in particular, on files that it cannot change", () => {
    expect(final.at(-1)).toEqual(["CMD", '["node", "--disable-sigusr1", "apps/api/src/main.ts"]']);
    const users = final.filter(([name]) => name === "USER").map(([, rest]) => rest);
    expect(users).toEqual(["node"]);
    expect(final.filter(([name]) => name === "COPY")).toEqual([["COPY", "--from=build /perennial ./"]]);
    const names = instructions.map(([name]) => name);
    expect(names).not.toContain("ADD");
    expect(names).not.toContain("ARG"); // what is passed to a build stays in its history
  });

  it("gets nothing that is stored, installed or secret here into its build", () => {
    const ignored = read(".dockerignore").split("\n");
    for (const place of [".git", "data", ".env", ".env.*", "**/node_modules", "**/dist"])
      expect(ignored).toContain(place);
  });
});

describe("compose.yaml", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };

  it("runs api, worker and web with as few rights as they can do with", () => {
    expect(Object.keys(services)).toEqual(["api", "worker", "web"]);
    for (const service of Object.values(services)) {
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(service.security_opt).toContain("no-new-privileges:true");
      expect(service.image).not.toMatch(/:latest$/);
    }
    for (const service of [services["api"], services["worker"]])
      expect(service).toMatchObject({ read_only: true, init: true, ulimits: { core: 0 } }); // SC-08: no core dumps
    expect(services["worker"]?.command).toEqual(["node", "--disable-sigusr1", "apps/worker/src/main.ts"]);
  });

  it("lets the outside reach the web server only, and writes no secret down", () => {
    expect(
      Object.entries(services).flatMap(([name, { ports = [] }]) => (ports.length > 0 ? [name] : [])),
    ).toEqual(["web"]);
    expect(read("compose.yaml")).not.toMatch(/(?:SECRET|TOKEN_KEYS|PASSWORD)\s*:/);
  });
});
