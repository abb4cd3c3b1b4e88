export { backUpUnderLoad, type BackupOutcome } from "./back-up-under-load.ts";
export { rotateUnderLoad, type RotationOutcome } from "./rotate-under-load.ts";
