import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { parseSync, type Argument, type CallExpression, type Expression, type Program } from "oxc-parser";

import { root } from "./processes.ts";

/** A test, by its place and its name with those of the groups around it. */
export type NamedTest = { file: string; name: string };

const TEST_FILES = [
  "{apps,packages}/*/src/**/*.{test.ts,test.tsx}",
  "packages/db/src/**/*.ts",
  "scripts/*.test.ts",
  "e2e/**/*.{test,spec}.ts",
];
const GROUPS = new Set(["describe"]);
const TESTS = new Set(["it", "test"]);

/** Every test of the workspace, the store's contract included. */
export function allTests(): NamedTest[] {
  return globSync(TEST_FILES, { cwd: root, exclude: ["**/node_modules"] })
    .toSorted()
    .flatMap((file) => testsOf(file, readFileSync(path.join(root, file), "utf8")));
}

function testsOf(file: string, text: string): NamedTest[] {
  const { program } = parseSync(file, text);
  const found: NamedTest[] = [];
  const visit = (node: unknown, groups: readonly string[]): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, groups);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const call = isCall(node) ? node : null;
    const called = call === null ? null : calleeOf(call.callee);
    const title = call === null ? null : titleOf(call.arguments[0]);
    const isGroup = called !== null && title !== null && GROUPS.has(called);
    if (called !== null && title !== null && TESTS.has(called))
      found.push({ file, name: [...groups, title].join(" › ") });
    const inner = isGroup ? [...groups, title] : groups;
    for (const child of Object.values(node)) visit(child, inner);
  };
  visit(program satisfies Program, []);
  return found;
}

function isCall(node: object): node is CallExpression {
  return "type" in node && node.type === "CallExpression";
}

/** What is called at the root of `it`, `it.each([…])`, `describe.runIf(…)` and the like. */
function calleeOf(callee: Expression): string | null {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type === "CallExpression") return calleeOf(callee.callee);
  return callee.type === "MemberExpression" ? calleeOf(callee.object) : null;
}

function titleOf(argument: Argument | undefined): string | null {
  if (argument?.type === "Literal" && typeof argument.value === "string") return argument.value;
  if (argument?.type !== "TemplateLiteral") return null;
  return argument.quasis.map(({ value }) => value.raw).join("…");
}
