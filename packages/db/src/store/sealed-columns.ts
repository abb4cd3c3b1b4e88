import type { Flavour } from "./connections.ts";

/** The columns that hold sealed texts, of which each is bound to its row. */
export type SealedColumn =
  | "connections.sealed_token"
  | "connections.previous_sealed_token"
  | "sign_in_attempts.sealed_choice"
  | "sinks.sealed_settings"
  | "sink_farewells.sealed_settings";

/** A sealed text where it is kept. */
export type SealedRow = {
  /** The id of its row. */
  id: string;
  /** Null for a sink, living or erased, whose settings belong to no flavour. */
  flavour: Flavour | null;
  sealed: string;
};

/** How many texts of a column were sealed with a key; the id is empty where the text names none. */
export type SealedCount = { column: SealedColumn; keyId: string; rows: number };

/** One sealed text in the place of another, of the same content. */
export type Rewrap = { id: string; from: string; to: string };

/** The key that each text was sealed with, and its exchange for another. */
export type SealedColumnStore = {
  /** How many sealed texts each key holds, column by column. Reads all of them. */
  countSealed(): Promise<SealedCount[]>;
  /** Texts of a column that were not sealed with a key, in the order of their ids: `after` is the last one before. */
  pageSealed(input: {
    column: SealedColumn;
    notWith: string;
    after: string | null;
    limit: number;
  }): Promise<SealedRow[]>;
  /**
   * Puts each text in the place of the one it was made from, where that is still there and nobody holds its row;
   * returns how many were written. Nothing else of a row changes: its version, its lease and its times stay, because
   * what the text says is the same.
   */
  rewrapSealed(input: { column: SealedColumn; rewraps: readonly Rewrap[] }): Promise<number>;
  /** Retires a key that no sealed text needs; returns how many still do, and with any nothing is changed. */
  retireKey(input: { keyId: string; wallNow: Date }): Promise<number>;
};
