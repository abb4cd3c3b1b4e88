const ALPHABET = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

/** Seeded randomness: the same seed gives the same tokens, ids and probabilistic faults. Not for real secrets. */
export type Random = {
  /** A number from 0 up to but not including 1. */
  fraction(): number;
  /** Letters and digits. */
  text(length: number): string;
  /** Decimal digits, the first one not zero. */
  digits(length: number): string;
};

/** `run` tells apart simulators that go on from one another with the same seed: each draws strings of its own. */
export function createRandom(seed: number, run = 0): Random {
  const next = createSfc32(seed, run);
  return {
    fraction: () => next() / 0x1_0000_0000,
    text(length) {
      // as bytes: a text put together letter by letter has to be put together again by whoever looks it up
      const letters = Buffer.allocUnsafe(length);
      let at = 0;
      while (at < length) {
        let bits = next();
        for (let index = 0; index < 5 && at < length; index++) {
          const rest = (bits / 62) >>> 0; // unlike Math.floor and %, this stays with whole numbers, which are faster
          letters[at++] = ALPHABET[bits - 62 * rest] ?? 0;
          bits = rest;
        }
      }
      return letters.toString("latin1");
    },
    digits(length) {
      let text = String(1 + (next() % 9));
      while (text.length < length) text += String(next() % 10);
      return text;
    },
  };
}

/** sfc32 (Doty-Humphrey, PractRand): 128 bits of state, so strings do not repeat even over long runs. */
function createSfc32(seed: number, run: number): () => number {
  let [a, b, c, counter] = [seed | 0, (seed / 0x1_0000_0000) | 0, (0x9e37_79b9 + run) | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) next(); // mixes a small seed into the whole state
  return next;
}
