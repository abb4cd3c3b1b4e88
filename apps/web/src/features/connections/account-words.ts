const KINDS: Record<string, string> = {
  business: "Business",
  media_creator: "Creator",
  creator: "Creator",
  personal: "Personal",
};

/** "Business" or "Creator", however Instagram spells it. */
export function accountKind(accountType: string): string {
  return KINDS[accountType.toLowerCase()] ?? "Professional";
}
