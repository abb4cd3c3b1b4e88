import type { OpensToken } from "../move/check-tokens.ts";
import type { MovedKey, MovedRows } from "../move/rows.ts";
import type { Snapshot } from "./snapshot.ts";

/** How many sealed tokens open, and the connections of those that do not. */
export type TokenCount = { opened: number; unreadable: string[] };

const PAGE_ROWS = 1_000;

/** Opens every sealed token and forgets it again. One that is damaged is no reason to go without the others. */
export async function countTokens(
  end: Pick<Snapshot, "readPage">,
  opensToken: OpensToken,
): Promise<TokenCount> {
  const count: TokenCount = { opened: 0, unreadable: [] };
  for (let after: MovedKey | null = null; ;) {
    const rows = (await end.readPage("connections", after, PAGE_ROWS)) as MovedRows["connections"][];
    for (const { id, flavour, sealedToken, previousSealedToken } of rows) {
      for (const sealed of [sealedToken, previousSealedToken]) {
        if (sealed === null) continue;
        if (opensToken(sealed, { connectionId: id, flavour })) count.opened += 1;
        else count.unreadable.push(id);
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return count;
    after = [last.id];
  }
}
