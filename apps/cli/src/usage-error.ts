/** Something that whoever typed can put right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code: string;
  /** What to type instead. */
  readonly cure: string;

  constructor(code: string, message: string, cure: string) {
    super(message);
    this.code = code;
    this.cure = cure;
  }
}
