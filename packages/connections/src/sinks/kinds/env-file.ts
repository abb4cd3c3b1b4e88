import { z } from "zod";

import { filePath } from "./texts.ts";

/** A key of a `.env` file: the bare token, and all other lines as they are. */
export const envFileSettings = z.strictObject({
  kind: z.literal("env_file"),
  path: filePath,
  key: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "is not the name of a variable"),
});

/** Where it is, as it may be shown. */
export function envFileTarget({ path, key }: z.infer<typeof envFileSettings>): string {
  return `${path} (${key})`;
}
