/** A token to keep: of about 60 days, or a Page's, which has no expiry date of its own. */
export type LongLivedToken = {
  value: string;
  /** What was granted; null means the answer did not say. */
  permissions: string[] | null;
  /** Before the request was sent, so that the expiry errs early. By the server's clock if ours is wrong. */
  issuedAt: Date;
  /**
   * The soonest end that is known, of the token or of the access to the person's data, less a few minutes, so
   * that a slow clock does no harm. Where no end was told it is a guess, which every proof of life moves on.
   */
  expiresAt: Date;
  /** No end was told: `expiresAt` is a guess. */
  isExpiryEstimated: boolean;
  /**
   * When the access to the person's data ends unless they come back. Null where no end was told, and always
   * for Instagram Login.
   */
  dataAccessExpiresAt: Date | null;
  /** The provider said that the token itself has no expiry date. */
  hasNoExpiry: boolean;
};
