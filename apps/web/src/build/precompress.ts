import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const COMPRESSIBLE = /\.(?:js|css|svg|html|txt)$/;

/** Whether a file gets smaller by compressing: fonts and pictures are compressed already. */
export function isCompressible(fileName: string): boolean {
  return COMPRESSIBLE.test(fileName);
}

/** Writes a `.br` and a `.gz` beside every compressible file, for a server that hands out such files. */
export async function precompress(folder: string, fileNames: readonly string[]): Promise<void> {
  for (const fileName of fileNames.filter(isCompressible)) {
    const file = path.join(folder, fileName);
    const content = await readFile(file);
    const smallest = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, smallest));
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
  }
}
