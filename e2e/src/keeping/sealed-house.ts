import { createTokenSeal, type TokenKey, type TokenSeal } from "@perennial/connections";
import { furnish } from "@perennial/db/testing";
import { soundProductionEnvironment } from "@perennial/runtime/testing";
import { randomBytes } from "node:crypto";

/** Two keys, and the environments of processes that seal with the one or the other. */
export type Keys = {
  seal: TokenSeal;
  environment(databaseUrl: string, sealsWith: "k1" | "k2"): Record<string, string>;
};

/** Draws them. */
export function drawKeys(): Keys {
  const [first, second]: [TokenKey, TokenKey] = [
    { id: "k1", key: randomBytes(32) },
    { id: "k2", key: randomBytes(32) },
  ];
  const settings = soundProductionEnvironment();
  const textOf = ({ id, key }: TokenKey): string => `${id}:${Buffer.from(key).toString("base64")}`;
  return {
    seal: createTokenSeal([first, second]),
    environment: (databaseUrl, sealsWith) => ({
      ...settings,
      DATABASE_URL: databaseUrl,
      TOKEN_KEYS: (sealsWith === "k1" ? [first, second] : [second, first]).map(textOf).join(","),
    }),
  };
}

/** The token that a connection of such a house holds. */
export function tokenOf(connectionId: string): string {
  return `IGQW-${connectionId}-${"x".repeat(140)}`;
}

/** Fills an empty database with so many connections, everything sealed with the first key. */
export async function furnishSealed(databaseUrl: string, connections: number, { seal }: Keys): Promise<void> {
  const choice = (connectionId: string, flavour: string) => seal.seal("choice", { connectionId, flavour });
  await furnish(databaseUrl, {
    connections,
    sealFor: (connectionId, flavour) => seal.seal(tokenOf(connectionId), { connectionId, flavour }),
    sealSinkFor: (sinkId) => seal.seal("settings", { connectionId: sinkId, flavour: "sink" }),
    sealChoiceFor: choice,
    keyChecks: seal.keyIds.map((keyId) => ({ keyId, sealed: seal.checkValue(keyId) })),
  });
}
