import { SEALED_COLUMNS, type Rewrap, type SealedColumn, type Store } from "@perennial/db";

import { TokenSealError, type TokenSeal, type TokenSealErrorCode } from "../token-seal.ts";
import { SEALED_FOR } from "./sealed-for.ts";

/** A sealed text that does not open, and why. It stays as it is. */
export type UnreadableText = { column: SealedColumn; id: string; reason: TokenSealErrorCode };

/** What came of it. */
export type RewrapReport = {
  rewrapped: number;
  unreadable: UnreadableText[];
  /** Texts that changed at every look: the next call takes them. */
  missed: number;
};

/** The texts of one transaction: what a kill can undo, and what others may have to wait for. */
const BATCH_ROWS = 200;
/** A text that somebody changes between our look and our write is looked at again so often. */
const MOST_PASSES = 5;

/**
 * Seals every text that an older key holds with the sealing key of the ring, a batch at a time, while everything
 * runs. Each text is exchanged only where it still is what was read, so a refresh that comes in between wins. There
 * is no record of how far it came but the texts themselves: what was cut off is resumed by the same call. One that
 * does not open is reported and left alone.
 */
export async function rewrapSealed(
  { store, seal }: { store: Pick<Store, "pageSealed" | "rewrapSealed">; seal: TokenSeal },
  options: { onProgress?: (rewrapped: number) => void; signal?: AbortSignal } = {},
): Promise<RewrapReport> {
  const report: RewrapReport = { rewrapped: 0, unreadable: [], missed: 0 };
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    report.unreadable = [];
    report.missed = 0;
    for (const column of SEALED_COLUMNS) await rewrapColumn({ store, seal, column, report, ...options });
    if (report.missed === 0) break;
  }
  return report;
}

type ColumnWork = {
  store: Pick<Store, "pageSealed" | "rewrapSealed">;
  seal: TokenSeal;
  column: SealedColumn;
  report: RewrapReport;
  onProgress?: (rewrapped: number) => void;
  signal?: AbortSignal;
};

async function rewrapColumn({ store, seal, column, report, onProgress, signal }: ColumnWork): Promise<void> {
  const [sealingKey = ""] = seal.keyIds;
  for (let after: string | null = null; ;) {
    signal?.throwIfAborted();
    const rows = await store.pageSealed({ column, notWith: sealingKey, after, limit: BATCH_ROWS });
    const rewraps: Rewrap[] = [];
    for (const row of rows) {
      try {
        const belongsTo = SEALED_FOR[column](row);
        rewraps.push({
          id: row.id,
          from: row.sealed,
          to: seal.seal(seal.open(row.sealed, belongsTo), belongsTo),
        });
      } catch (error) {
        if (!(error instanceof TokenSealError)) throw error;
        report.unreadable.push({ column, id: row.id, reason: error.code });
      }
    }
    if (rewraps.length > 0) {
      const written = await store.rewrapSealed({ column, rewraps });
      report.rewrapped += written;
      report.missed += rewraps.length - written;
      onProgress?.(report.rewrapped);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH_ROWS) return;
    after = last.id;
  }
}
