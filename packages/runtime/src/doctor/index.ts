export type { Check, CheckGroup, CheckLevel } from "./check.ts";
export { diagnose } from "./diagnose.ts";
