const LOOKS_SECRET = /SECRET|TOKEN|KEY|PASSWORD/i;

/** Names of variables that Vite would ship to the browser although they sound like secrets. */
export function browserSecretNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith("VITE_") && LOOKS_SECRET.test(name))
    .sort();
}

/**
 * Refuses a build whose environment would put a secret into the bundle. Names are said, values never.
 *
 * @throws {Error} when a variable beginning with `VITE_` sounds like a secret.
 */
export function refuseBrowserSecrets(environment: Readonly<Record<string, string | undefined>>): void {
  const names = browserSecretNames(environment);
  if (names.length === 0) return;
  throw new Error(
    `Vite ships every variable that begins with VITE_ to the browser, where anyone can read it. ` +
      `Take the prefix away, or the variable: ${names.join(", ")}.`,
  );
}
