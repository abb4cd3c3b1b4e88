import { writeFileSync } from "node:fs";
import path from "node:path";

import { materialsOf, readSbom } from "./lib/sbom.ts";

const FILE = "sbom.cdx.json";

// Scripts run in the workspace folder; what was typed is meant from where it was typed.
const file = path.resolve(process.env["INIT_CWD"] ?? process.cwd(), process.argv[2] ?? FILE);
const sbom = readSbom();
writeFileSync(file, sbom);
process.stdout.write(`${materialsOf(sbom).length} packages of others are shipped: ${file}\n`);
