/** How a load went: the wall time of all of it, and the time of each job. */
export type LoadResult = { elapsedMs: number; latenciesMs: number[] };

/**
 * Performs every job once, with so many under way at a time.
 *
 * @throws what the first failing job threw: a figure that leaves failures out would be no figure.
 */
export async function performAll<Job>(
  jobs: readonly Job[],
  concurrency: number,
  perform: (job: Job) => Promise<void>,
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      const job = jobs[next++] as Job;
      const startedMs = performance.now();
      try {
        await perform(job);
      } catch (error) {
        next = jobs.length; // the others finish what they have in hand
        throw error;
      }
      latenciesMs.push(performance.now() - startedMs);
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return { elapsedMs: performance.now() - startedMs, latenciesMs };
}

/** The results of every job, in the order of the jobs. */
export async function mapAll<Job, Result>(
  jobs: readonly Job[],
  concurrency: number,
  perform: (job: Job) => Promise<Result>,
): Promise<{ results: Result[]; load: LoadResult }> {
  const results: Result[] = [];
  const load = await performAll([...jobs.entries()], concurrency, async ([index, job]) => {
    results[index] = await perform(job);
  });
  return { results, load };
}
