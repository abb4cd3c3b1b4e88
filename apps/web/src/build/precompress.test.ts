import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, it } from "vitest";

import { precompress } from "./precompress.ts";

it("writes compressed twins that unpack to the same bytes, and none for a font", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "perennial-web-"));
  try {
    const script = "export const leaf = 1;\n".repeat(500);
    await writeFile(path.join(folder, "index.js"), script);
    await writeFile(path.join(folder, "inter.woff2"), "font");
    await precompress(folder, ["index.js", "inter.woff2"]);

    expect((await readdir(folder)).sort()).toEqual(["index.js", "index.js.br", "index.js.gz", "inter.woff2"]);
    const twin = async (ending: string) => await readFile(path.join(folder, `index.js.${ending}`));
    expect(brotliDecompressSync(await twin("br")).toString()).toBe(script);
    expect(gunzipSync(await twin("gz")).toString()).toBe(script);
    expect((await twin("br")).length).toBeLessThan(script.length / 10);
  } finally {
    await rm(folder, { recursive: true });
  }
});
