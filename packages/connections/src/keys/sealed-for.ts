import type { SealedColumn, SealedRow } from "@perennial/db";

import type { SealedFor, SealedForSink } from "../token-seal.ts";

const ofOwnRow = ({ id, flavour }: SealedRow): SealedFor => ({ connectionId: id, flavour: flavour ?? "" });

/**
 * What each sealed text is bound to, which is its additional data: for every column in this one place. Whoever
 * seals for a column binds the text to the same.
 */
export const SEALED_FOR: Readonly<Record<SealedColumn, (row: SealedRow) => SealedFor | SealedForSink>> = {
  "connections.sealed_token": ofOwnRow,
  "connections.previous_sealed_token": ofOwnRow,
  "sign_in_attempts.sealed_choice": ofOwnRow,
  "sinks.sealed_settings": ({ id }) => ({ sinkId: id }),
  "sink_farewells.sealed_settings": ({ id }) => ({ sinkId: id }),
};
