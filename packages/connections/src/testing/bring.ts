import type { ImportRequest, ImportResult } from "../import/import-token.ts";
import type { TestKeeper } from "./keeper.ts";

/** Brings a token by hand, as somebody at a terminal who says nothing else about it. */
export function bring(
  keeper: TestKeeper,
  text: string,
  request: Partial<ImportRequest> = {},
): Promise<ImportResult> {
  return keeper.connections.importToken({
    text,
    userId: null,
    trigger: "cli",
    accountIds: null,
    connectionId: null,
    expiresInSeconds: null,
    ...request,
  });
}
