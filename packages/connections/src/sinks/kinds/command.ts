import path from "node:path";

import { z } from "zod";

import { plainText } from "./texts.ts";

/** A program that is given all that is delivered on its standard input. No shell sees it. */
export const commandSettings = z.strictObject({
  kind: z.literal("command"),
  program: plainText(1_024).refine((text) => path.isAbsolute(text), "is not a whole path"),
  args: z
    .array(
      z
        .string()
        .max(1_000)
        .refine((text) => !text.includes("\0"), "holds a NUL"),
    )
    .max(32)
    .default([]),
});

/** What it is, as it may be shown: arguments may be secret. */
export function commandTarget({ program }: z.infer<typeof commandSettings>): string {
  return program;
}
