import { z } from "zod";

import { filePath, plainText } from "./texts.ts";

/** Where in a JSON file: `/a/b` as a JSON pointer, or `a.b`. */
const place = plainText(512).refine((text) => placeInJson(text).every((part) => part !== ""), {
  message: "is no place such as instagram.token or /instagram/token",
});

/** Places in a JSON file: the token's, and those of its end and its account where they are wanted. */
export const jsonFileSettings = z.strictObject({
  kind: z.literal("json_file"),
  path: filePath,
  token: place,
  expiresAt: place.nullable().default(null),
  accountId: place.nullable().default(null),
});

/** The keys that lead to a place in a JSON file. */
export function placeInJson(text: string): string[] {
  if (!text.startsWith("/")) return text.split(".");
  return text
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where it is, as it may be shown. */
export function jsonFileTarget({ path, token }: z.infer<typeof jsonFileSettings>): string {
  return `${path} (${token})`;
}
