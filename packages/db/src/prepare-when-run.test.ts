import { describe, expect, it } from "vitest";

import { prepareWhenRun, preparedAtOnce } from "./prepare-when-run.ts";

/** A builder whose statements say what they were prepared with, and how often that was. */
function newBuilder() {
  const counts = { prepared: 0 };
  class Builder {
    readonly source: string;
    constructor(source: string) {
      this.source = source;
    }
    prepare(name: string) {
      counts.prepared += 1;
      if (this.source === "broken") throw new Error("no such column");
      const answer = (values?: Record<string, unknown>) => `${this.source} ${name} ${JSON.stringify(values)}`;
      return { run: answer, get: answer };
    }
  }
  prepareWhenRun([Builder], ["run", "get"]);
  return { Builder, counts };
}

describe("statements that are prepared when they are run", () => {
  it("are put together once, by the first call, and run with what each call gives", () => {
    const { Builder, counts } = newBuilder();
    const [first, second] = [new Builder("one").prepare("a"), new Builder("two").prepare("b")];
    expect(counts.prepared).toBe(0);
    expect(first.run({ id: 1 })).toBe('one a {"id":1}');
    expect(first.get()).toBe("one a undefined");
    expect(second.run()).toBe("two b undefined");
    expect(counts.prepared).toBe(2);
  });

  it("fail where they are run, each time", () => {
    const { Builder } = newBuilder();
    const broken = new Builder("broken").prepare("a");
    expect(() => broken.run()).toThrow("no such column");
    expect(() => broken.run()).toThrow("no such column");
  });

  it("are all put together at once for whoever wants to see them", () => {
    const { Builder, counts } = newBuilder();
    preparedAtOnce(() => new Builder("one").prepare("a"));
    expect(counts.prepared).toBe(1);
    expect(() => preparedAtOnce(() => new Builder("broken").prepare("a"))).toThrow("no such column");
    new Builder("two").prepare("b");
    expect(counts.prepared).toBe(2);
  });
});
