import { newAttempt } from "../../contract/fixtures.ts";
import { StoreError } from "../../store-error.ts";
import { openSqliteStore } from "../open.ts";
import { answerParent } from "../../testing/child.ts";

/** What one of several processes that write at once has seen. */
export type WriteReport = { written: number; refused: string[]; slowestMs: number };

await answerParent(async ([file = "", name = "", writers = "0", writesOfEach = "0"]) => {
  await using store = await openSqliteStore({ file });
  const report: WriteReport = { written: 0, refused: [], slowestMs: 0 };

  const writeMany = async (writer: number): Promise<void> => {
    for (let count = 0; count < Number(writesOfEach); count += 1) {
      const startedAt = performance.now();
      try {
        await store.createSignInAttempt(newAttempt(`${name}-${writer}-${count}`));
        report.written += 1;
      } catch (error) {
        report.refused.push(error instanceof StoreError ? error.code : String(error));
      }
      report.slowestMs = Math.max(report.slowestMs, performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => writeMany(writer)));
  return report;
});
