import { writeFileSync } from "node:fs";

import { fromWhereTyped } from "./lib/processes.ts";
import { materialsOf, readSbom } from "./lib/sbom.ts";

const FILE = "sbom.cdx.json";

const file = fromWhereTyped(process.argv[2] ?? FILE);
const sbom = readSbom();
writeFileSync(file, sbom);
process.stdout.write(`${materialsOf(sbom).length} packages of others are shipped: ${file}\n`);
