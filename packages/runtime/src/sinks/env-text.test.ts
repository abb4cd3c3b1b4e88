import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";

import { setInEnvText } from "./env-text.ts";
import { seededRandom } from "../simulate/seeded-random.ts";

/** What a file held, and what it holds afterwards; nothing else may differ. */
const SHAPES: readonly [what: string, before: string, after: string][] = [
  ["an empty file", "", "T=new\n"],
  ["a key that is not there", "A=1\n", "A=1\nT=new\n"],
  ["a last line without an end", "A=1", "A=1\nT=new\n"],
  ["line ends of Windows, with nothing there", "A=1\r\nB=2", "A=1\r\nB=2\r\nT=new\r\n"],
  ["line ends of Windows", "T=old\r\nA=1\r\n", "T=new\r\nA=1\r\n"],
  ["line ends of old Macs", "A=1\rT=old\rB=2\r", "A=1\rT=new\rB=2\r"],
  ["mixed line ends", "A=1\nT=old\r\nB=2\n", "A=1\nT=new\r\nB=2\n"],
  ["a value in the middle", "A=1\nT=old\nB=2\n", "A=1\nT=new\nB=2\n"],
  ["a file of one line without an end", "T=old", "T=new"],
  ["an empty value", "T=\nB=2\n", "T=new\nB=2\n"],
  ["an empty value at the end", "T=", "T=new"],
  ["double quotes", 'T="old"\n', 'T="new"\n'],
  ["single quotes", "T='old'\n", "T='new'\n"],
  ["backticks", "T=`old`\n", "T=`new`\n"],
  ["empty quotes", 'T=""\n', 'T="new"\n'],
  ["an escaped quote", 'T="o\\"ld" # c\nB=2\n', 'T="new" # c\nB=2\n'],
  ["a quote that is not closed", 'T="old\nB=2\n', "T=new\nB=2\n"],
  ["export", "export T=old\n", "export T=new\n"],
  ["export with much space", "  export   T = old\n", "  export   T = new\n"],
  ["space around the sign", "T = old\n", "T = new\n"],
  ["indentation", "\tT=old\n", "\tT=new\n"],
  ["a comment behind it", "T=old # the token\n", "T=new # the token\n"],
  ["a comment behind quotes", "T='old' # the token\n", "T='new' # the token\n"],
  ["a # right behind the sign", "T=#old\n", "T=new\n"],
  ["a comment behind nothing", "T= # the token\n", "T=new # the token\n"],
  ["a # that is no comment", "T=o#ld\n", "T=new\n"],
  ["space at the end of a line", "T=old  \n", "T=new  \n"],
  ["a commented key", "#T=old\nA=1\n", "#T=old\nA=1\nT=new\n"],
  ["a commented key before the real one", "# T=older\nT=old\n", "# T=older\nT=new\n"],
  ["a longer name", "T2=x\nMY_T=y\n", "T2=x\nMY_T=y\nT=new\n"],
  ["another case", "t=x\n", "t=x\nT=new\n"],
  ["a key that is there twice", "T=a\nB=2\nT=b\n", "T=new\nB=2\nT=new\n"],
  [
    "a value of several lines",
    'K="-----BEGIN\nT=old\n-----END"\n',
    'K="-----BEGIN\nT=old\n-----END"\nT=new\n',
  ],
  ["several lines in single quotes", "K='a\nT=old\n'\nT=x\n", "K='a\nT=old\n'\nT=new\n"],
  ["its own value of several lines", 'T="a\nb"\nC=3\n', 'T="new"\nC=3\n'],
  ["an apostrophe in a comment", "# don't\nT=old\n# won't\n", "# don't\nT=new\n# won't\n"],
  ["an apostrophe in a value", "A=don't\nT=old\nB=won't\n", "A=don't\nT=new\nB=won't\n"],
  ["the name in another value", 'A="T=old"\nT=old\n', 'A="T=old"\nT=new\n'],
  ["blank lines", "\n\nA=1\n\n\nT=old\n\n", "\n\nA=1\n\n\nT=new\n\n"],
  ["text that is no assignment", "hello\nT=old\nworld", "hello\nT=new\nworld"],
  ["a byte order mark", "\u00EF\u00BB\u00BFT=old\n", "\u00EF\u00BB\u00BFT=new\n"],
  ["nothing but a byte order mark", "\u00EF\u00BB\u00BF", "\u00EF\u00BB\u00BFT=new\n"],
  ["bytes of any encoding", "A=\u00E9\u00FF\nT=old\n", "A=\u00E9\u00FF\nT=new\n"],
  ["dollar signs and backslashes elsewhere", "A=$B\\n\nT=old\n", "A=$B\\n\nT=new\n"],
];

describe("a key of a .env file", () => {
  it.each(SHAPES)("is set in %s, and all else stays", (_what, before, after) => {
    expect(setInEnvText(before, "T", "new")).toBe(after);
    expect(setInEnvText(after, "T", "new")).toBe(after);
  });

  it("quotes what a shell would not take, and refuses what nothing can hold", () => {
    expect(setInEnvText("T=old\n", "T", "a|b $c")).toBe("T='a|b $c'\n");
    expect(setInEnvText('T="old"\n', "T", "it's")).toBe('T="it\'s"\n');
    expect(setInEnvText('T="old"\n', "T", "$HOME")).toBe("T='$HOME'\n");
    expect(() => setInEnvText("", "T", "a\nB=evil")).toThrow(RangeError);
    expect(() => setInEnvText("", "T", "'\"`")).toThrow(RangeError);
  });

  it("is what Node reads afterwards, and every other key is what it was, whatever the file", () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed, "env");
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    for (let round = 0; round < 500; round += 1) {
      const lines = Array.from({ length: Math.floor(random() * 9) }, () => {
        const key = pick(["A", "B", "TOKEN", "T", "MY_T", "LONG_NAME"]);
        const value = pick(["1", "", "two words", "x=y", "a#b", "don't"]);
        const quote = pick(["", "", '"', "`"]);
        const shapes = [`${key}=${quote}${value}${quote}`, `export ${key} = ${quote}${value || "0"}${quote}`];
        return pick([...shapes, `# ${key}=${value}`, "", `${key}=${quote}${value}${quote} # note`]);
      });
      const newline = pick(["\n", "\r\n"]);
      const before = lines.join(newline) + pick(["", newline]);
      const after = setInEnvText(before, "T", "NEW");
      const { T: _old, ...others } = parseEnv(before);
      const { T, ...kept } = parseEnv(after);
      expect({ seed, before, T, kept }).toEqual({ seed, before, T: "NEW", kept: others });
      const linesWithout = (text: string) =>
        text.split(/\r\n|\n/).filter((line) => line !== "" && !/^\s*(export\s+)?T\s*=/.test(line));
      expect({ seed, lines: linesWithout(after) }).toEqual({ seed, lines: linesWithout(before) });
    }
  });
});
