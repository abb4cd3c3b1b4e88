import { expect, it } from "vitest";
import { createWorld } from "./create-world.ts";
import { readState, writeState } from "./state-file.ts";
import type { World } from "./world.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

function makeWorld(saved?: string): World {
  return createWorld({
    options: {
      baseNow: () => NOW,
      users: [
        { key: "ana", media: [{ id: "18", mediaType: "IMAGE", caption: "Hi", postedAt: new Date(NOW) }] },
      ],
      facebookPeople: [],
    },
    seed: 1,
    listener() {
      throw new Error("Nothing listens here.");
    },
    saved: saved === undefined ? undefined : readState(saved),
  });
}

/** A world with at least one of everything the file holds. */
function makeFullWorld(): World {
  const world = makeWorld();
  const { clock, people, tokens, codes } = world;
  const user = people.get("ana");
  const terms = { permissions: ["instagram_business_basic"], issuedAtMs: NOW };
  codes.spend(
    codes.issue({
      ...terms,
      tokenKind: "short_lived",
      clientId: "1",
      redirectUri: "http://localhost/",
      user,
    }),
  );
  const lineage = tokens.lineageOf("1", user);
  tokens.issue(lineage, { ...terms, kind: "short_lived", source: "code", lifetimeS: 3600 });
  tokens.endAll(user, NOW, { subcode: 458, reason: "revoked" });
  const token = tokens.issue(lineage, { ...terms, kind: "long_lived", source: "dashboard", lifetimeS: 9e9 });
  tokens.replace(token, NOW + 1000);
  const kept = tokens.issue(lineage, { ...terms, kind: "long_lived", source: "exchange", lifetimeS: 9e9 });
  tokens.extend(kept, NOW + 5, Number.POSITIVE_INFINITY);
  people.add({ key: "ben" });
  people.remove("ana");
  fillFacebook(world);
  clock.advance({ days: 3 });
  return world;
}

function fillFacebook({ facebook }: World): void {
  const { people, consents, tokens, codes } = facebook;
  const portfolio = { id: "9", name: "Nine", relation: "owned", role: "member" } as const;
  const person = people.add({ key: "maya", pages: [{ id: "7", portfolio }, {}] });
  people.change("maya", { passwordChangedAt: new Date(NOW) });
  const permissions = ["public_profile"];
  consents.give(person, "2", {
    granted: permissions,
    declined: ["email"],
    pageIds: ["7"],
    dataAccessEndsAtMs: NOW + 9e9,
  });
  const terms = { permissions, issuedAtMs: NOW };
  const code = { ...terms, clientId: "2", redirectUri: "http://localhost/", user: person };
  codes.issue({ ...code, tokenKind: "system_user" });
  const lineage = tokens.lineageOf("2", person);
  tokens.issue(lineage, { ...terms, kind: "page", source: "page", pageId: "7", lifetimeS: Infinity });
}

it("gives a world back as it was", () => {
  const world = makeFullWorld();
  const text = writeState(world, 4);
  const restored = makeWorld(text);
  expect(JSON.parse(writeState(restored, 4))).toEqual(JSON.parse(text));
  expect(readState(text).starts).toBe(4);
  expect(restored.tokens.lineages(NOW)).toEqual(world.tokens.lineages(NOW));
  expect(restored.tokens.lineages(NOW)[0]?.tokens.map((one) => one.endedBy)).toEqual([
    "revoked",
    null,
    "replaced",
    null,
  ]);
});

/** Every place in a JSON value, from the top down. */
function* placesIn(value: unknown, path: string[] = []): Generator<string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    yield [...path, name];
    yield* placesIn(inner, [...path, name]);
  }
}

/** The text with one place changed; `change` gets what holds the place, and its name there. */
function altered(text: string, path: readonly string[], change: (holder: object, name: string) => void) {
  const top: unknown = JSON.parse(text);
  let holder = top;
  for (const name of path.slice(0, -1)) holder = Reflect.get(Object(holder), name);
  change(Object(holder), path.at(-1) ?? "");
  return JSON.stringify(top);
}

const refusal = expect.objectContaining({ name: "SimulatorError" });

it("refuses a value of another kind wherever it stands", () => {
  const text = writeState(makeFullWorld(), 1);
  const places = [...placesIn(JSON.parse(text))];
  expect(places.length).toBeGreaterThan(100);
  for (const path of places) {
    const bad = altered(text, path, (holder, name) => {
      const value: unknown = Reflect.get(holder, name);
      Reflect.set(holder, name, typeof value === "object" && !Array.isArray(value) ? [] : {});
    });
    expect(() => makeWorld(bad), path.join(".")).toThrow(refusal);
  }
});

it("refuses what is missing, except a setting or a caption that has a default", () => {
  const text = writeState(makeFullWorld(), 1);
  for (const path of placesIn(JSON.parse(text))) {
    if (path.length === 1 || !/^\d+$/.test(path.at(-1) ?? "")) {
      const bad = altered(text, path, (holder, name) => Reflect.deleteProperty(holder, name));
      const hasDefault = path.at(-1) === "caption" || (path[0] === "policy" && path.length === 2);
      if (hasDefault) expect(() => makeWorld(bad)).not.toThrow();
      else expect(() => makeWorld(bad), path.join(".")).toThrow(refusal);
    }
  }
});

it("refuses names it does not know", () => {
  const text = writeState(makeFullWorld(), 1);
  const holders = [
    ["more"],
    ["clock", "more"],
    ["policy", "more"],
    ["people", "0", "more"],
    ["people", "0", "variant"],
    ["lineages", "0", "more"],
    ["lineages", "0", "tokens", "0", "more"],
    ["lineages", "0", "tokens", "0", "ending", "more"],
    ["lineages", "0", "issues", "0", "more"],
    ["codes", "0", "more"],
    ["facebook", "more"],
    ["facebook", "people", "0", "more"],
    ["facebook", "people", "0", "variant"],
    ["facebook", "people", "0", "pages", "0", "more"],
    ["facebook", "people", "0", "pages", "0", "portfolio", "more"],
    ["facebook", "consents", "0", "more"],
  ];
  for (const path of holders) {
    const bad = altered(text, path, (holder, name) => Reflect.set(holder, name, "nul"));
    expect(() => makeWorld(bad), path.join(".")).toThrow(refusal);
  }
});

it("refuses tokens and codes that come twice or hang in the air", () => {
  const text = writeState(makeFullWorld(), 1);
  const lists = [
    ["codes"],
    ["lineages", "0", "tokens"],
    ["people"],
    ["facebook", "people"],
    ["facebook", "consents"],
    ["facebook", "codes"],
    ["facebook", "lineages", "0", "tokens"],
  ];
  for (const path of lists) {
    const bad = altered(text, [...path, "0"], (list) => {
      if (Array.isArray(list)) list.push(list[0]);
    });
    expect(() => makeWorld(bad), path.join(".")).toThrow(refusal);
  }
  for (const path of [
    ["lineages", "0", "issues", "0", "token"],
    ["codes", "0", "person"],
    ["lineages", "0", "person"],
    ["facebook", "codes", "0", "person"],
    ["facebook", "consents", "0", "person"],
    ["facebook", "lineages", "0", "person"],
  ]) {
    const bad = altered(text, path, (holder, name) =>
      Reflect.set(holder, name, name === "token" ? 99 : "99"),
    );
    expect(() => makeWorld(bad), path.join(".")).toThrow(refusal);
  }
});
