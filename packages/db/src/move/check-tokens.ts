import { MoveError } from "./errors.ts";
import type { Movable } from "./movable.ts";
import type { OnProgress } from "./progress.ts";
import type { MovedKey, MovedRows } from "./rows.ts";
import { PAGE_ROWS } from "./walk-together.ts";

/** Whether a sealed token opens. The database knows no keys; who asks for the move brings them. */
export type OpensToken = (sealed: string, belongsTo: { connectionId: string; flavour: string }) => boolean;

const NAMED = 3;

/**
 * Opens every sealed token of one end and forgets it again; answers how many there are.
 *
 * @throws {MoveError} `token_unreadable`, naming some of the connections.
 */
export async function checkTokens(input: {
  end: Movable;
  at: "source" | "target";
  opensToken: OpensToken;
  onProgress: OnProgress;
  pageRows?: number | undefined;
}): Promise<number> {
  const { end, at, opensToken, onProgress, pageRows = PAGE_ROWS } = input;
  const unreadable: string[] = [];
  let opened = 0;
  for (let after: MovedKey | null = null; ;) {
    const rows = (await end.readPage("connections", after, pageRows)) as MovedRows["connections"][];
    for (const { id, flavour, sealedToken, previousSealedToken } of rows) {
      for (const sealed of [sealedToken, previousSealedToken]) {
        if (sealed === null) continue;
        if (opensToken(sealed, { connectionId: id, flavour })) opened += 1;
        else unreadable.push(id);
      }
    }
    await onProgress({ step: "checking_tokens", at, opened });
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) break;
    after = [last.id];
  }
  if (unreadable.length === 0) return opened;
  const names = `${unreadable.slice(0, NAMED).join(", ")}${unreadable.length > NAMED ? ", …" : ""}`;
  throw new MoveError(
    "token_unreadable",
    `${unreadable.length} sealed tokens at the ${at} do not open with TOKEN_KEYS (${names}). ` +
      "Set the keys that this database was used with; a token that is damaged goes when its connection is disconnected.",
  );
}
