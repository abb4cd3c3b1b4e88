import "./lib/check-node.mjs";

await import("./simulator.ts");
