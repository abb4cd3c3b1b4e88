import "./lib/check-node.mjs";

await import("./start.ts");
