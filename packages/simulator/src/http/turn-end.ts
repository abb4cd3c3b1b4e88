/**
 * Does what comes up in a turn of the event loop at its end, all of it in a row and in the order it came up. Of answers:
 * whoever waits for them is woken once for all of a turn instead of once for each, which costs both sides more than all
 * that is done for an answer.
 */
export function createTurnEnd(): (work: () => void) => void {
  let works: (() => void)[] = [];
  const doAll = (): void => {
    const now = works;
    works = [];
    for (const work of now) work();
  };
  return (work) => {
    if (works.push(work) === 1) setImmediate(doAll);
  };
}
