/** The kinds of token Facebook knows. */
export type TokenKind = "user" | "page" | "app" | "system_user";

/** What Facebook says about a token of our app. */
export type TokenReport = {
  kind: TokenKind;
  /** Always our own app: a token of another one is refused. */
  appId: string;
  /** The app's name. */
  application: string | null;
  /** Whose token it is: the id Meta's callbacks carry. A Page's token names the person it came from. */
  userId: string | null;
  /** The Page of a Page's token. */
  profileId: string | null;
  scopes: string[];
  /** Per scope the objects it is limited to; null: all of them. */
  granularScopes: { scope: string; targetIds: string[] | null }[];
  issuedAt: Date | null;
  /** Null: no end was told. */
  expiresAt: Date | null;
  /** Facebook said that the token has no expiry date. */
  hasNoExpiry: boolean;
  /** When the access to the person's data ends unless they come back; null: no end was told. */
  dataAccessExpiresAt: Date | null;
};
