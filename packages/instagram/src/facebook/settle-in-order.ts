/**
 * The results of calls that are under way side by side. When several fail, the failure of the first in the list
 * counts, whichever came first; none is left behind unhandled, and none still runs afterwards.
 */
export async function settleInOrder<const T extends readonly unknown[]>(
  calls: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(calls);
  return await Promise.all(calls);
}
