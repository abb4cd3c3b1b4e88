import { z } from "zod";

/** A text a person writes, without characters that a terminal or a protocol would obey. */
export const plainText = (longest: number) =>
  z
    .string()
    .min(1, "is empty")
    .max(longest, `is longer than ${longest} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), "holds a control character");

/** An address of one of these protocols, as it is sent. No fragment, and no user in it unless that is allowed. */
export const address = (protocols: readonly string[], { mayHoldUser = false } = {}) =>
  z
    .string()
    .max(2_000)
    .transform((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url === null || url.hostname === "" || !protocols.includes(url.protocol.slice(0, -1))) {
        context.addIssue({
          code: "custom",
          message: `is not an address that begins with ${protocols.join(":// or ")}://`,
        });
        return z.NEVER;
      }
      if (!mayHoldUser && (url.username !== "" || url.password !== "")) {
        context.addIssue({ code: "custom", message: "holds a user or password" });
        return z.NEVER;
      }
      url.hash = "";
      return url.href;
    });

/** How a value is written: the bare token, or all that is delivered as JSON. */
export const format = z.enum(["json", "token"]).default("json");

/** Where a file is. */
export const filePath = plainText(1_024);
