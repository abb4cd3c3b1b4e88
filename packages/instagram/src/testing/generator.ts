/** A linear congruential generator: the same numbers for the same seed. */
export function generator(seed: number): () => number {
  let value = seed;
  return () => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return value >>> 8;
  };
}
