import "./lib/check-node.mjs";

await import("./dev.ts");
