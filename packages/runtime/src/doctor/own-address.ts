const OF_THIS_MACHINE = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether an address leads to the machine that asks, whichever that is: Meta's servers would ask themselves. */
export function isOfThisMachine(url: string): boolean {
  return OF_THIS_MACHINE.has(new URL(url).hostname);
}
