/** What must not be found anywhere, by what it is called in a failure. */
export type Canaries = Iterable<[name: string, secret: string]>;

/** A text that is looked through, and where it was found. */
export type Haystack = [where: string, text: string];

/** The random part of a secret, in the forms in which it could leak. Slices catch what was cut. */
function formsOf(secret: string): string[] {
  const random = secret.replace(/^[A-Z]+_/, "");
  const forms = new Set<string>([random.slice(0, 12), random.slice(-12), encodeURIComponent(random)]);
  for (const shift of [0, 1, 2]) {
    for (const encoding of ["base64", "base64url"] as const) {
      // Base64 of a text depends on where it begins: all three positions, without the edges that mix.
      const encoded = Buffer.from(`${"x".repeat(shift)}${random}`)
        .toString(encoding)
        .replace(/=+$/, "");
      forms.add(encoded.slice(4, -4));
    }
  }
  forms.add(Buffer.from(random).toString("hex"));
  forms.add(JSON.stringify(random).slice(1, -1));
  return [...forms].filter((form) => form.length >= 10);
}

/** Every canary that is somewhere, but for those that `isShown` says have to be there. */
export function leaksIn(
  haystacks: Iterable<Haystack>,
  canaries: Canaries,
  isShown: (name: string, where: string) => boolean = () => false,
): string[] {
  const forms = [...canaries].map(([name, secret]) => ({ name, forms: formsOf(secret) }));
  const leaks: string[] = [];
  for (const [where, text] of haystacks) {
    for (const canary of forms) {
      if (isShown(canary.name, where)) continue;
      if (canary.forms.some((form) => text.includes(form))) leaks.push(`${canary.name} in ${where}`);
    }
  }
  return leaks;
}
