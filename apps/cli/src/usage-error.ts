import type { TypingFaultCode } from "@perennial/connections";

/** Something that whoever typed can put right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** One that the catalogue of errors knows. */
  readonly code: TypingFaultCode;
  /** What to type instead. */
  readonly cure: string;

  constructor(code: TypingFaultCode, message: string, cure: string) {
    super(message);
    this.code = code;
    this.cure = cure;
  }
}
