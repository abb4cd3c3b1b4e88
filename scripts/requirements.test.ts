import { describe, expect, it } from "vitest";

import { allTests, type NamedTest } from "./lib/proofs.ts";
import { REQUIREMENTS, type Requirement } from "./lib/requirements.ts";

const ID = /\b[A-Z]{2}-\d\d\b/g;
const tests = allTests();
const proofs = new Map(REQUIREMENTS.map(({ id }) => [id, [] as NamedTest[]]));
const strangers: string[] = [];
for (const test of tests) {
  for (const [id] of test.name.matchAll(ID)) {
    const known = proofs.get(id);
    if (known === undefined) strangers.push(`${id} in ${test.file}`);
    else if (!known.includes(test)) known.push(test);
  }
}

describe("the requirements", () => {
  it("are each proved by a test that names it, the essential ones without exception, or say why not", () => {
    const unproved = REQUIREMENTS.filter(({ id }) => proofs.get(id)?.length === 0);
    expect(unproved.filter(({ isEssential }) => isEssential)).toEqual([]);
    expect(unproved.filter(({ unproved: why }) => why === undefined).map(({ id }) => id)).toEqual([]);
    expect(REQUIREMENTS.length).toBe(159);
    expect(REQUIREMENTS.length - unproved.length).toBeGreaterThanOrEqual(140);
  });

  it("excuse nothing that is proved, and no test proves what is no requirement", () => {
    expect(
      REQUIREMENTS.filter(({ id, unproved }) => unproved !== undefined && proofs.get(id)?.length !== 0),
    ).toEqual([]);
    expect(strangers).toEqual([]);
  });

  it("are listed in docs/requirements.md with their tests", async () => {
    await expect(describeAll()).toMatchFileSnapshot("../docs/requirements.md");
  });
});

function describeAll(): string {
  const proved = REQUIREMENTS.filter(({ id }) => proofs.get(id)?.length !== 0).length;
  const files = new Set(tests.map(({ file }) => file)).size;
  return `# Requirements and their tests

Made from the names of the tests by \`scripts/requirements.test.ts\`, and held to them; every one of these tests runs in
\`npx pnpm@12 test\`. ${proved} of ${REQUIREMENTS.length} requirements are proved, all essential ones (★) among them, in ${files} files.

| id | what has to hold | tests |
| --- | --- | --- |
${REQUIREMENTS.map(describeOne).join("\n")}
`;
}

function describeOne(requirement: Requirement): string {
  const { id, isEssential, title, unproved } = requirement;
  const found = proofs.get(id) ?? [];
  const proof =
    found.length === 0
      ? `not proved: ${unproved ?? "?"}`
      : found.map(({ file, name }) => `[${wordsOf(name)}](../${file})`).join("<br>");
  return `| ${id}${isEssential ? " ★" : ""} | ${title} | ${proof} |`;
}

/** A name without the ids in it, safe within a table. */
function wordsOf(name: string): string {
  const words = name
    .replaceAll(/\b[A-Z]{2}-\d\d\s*|\s*@\w+$/g, "")
    .replaceAll(/[|[\]<>*_`]/g, (letter) => `\\${letter}`);
  return words
    .split(" › ")
    .filter((part) => part.trim() !== "")
    .join(" › ");
}
