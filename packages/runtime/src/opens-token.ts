import { TokenSealError, type TokenSeal } from "@perennial/connections";
import type { OpensToken } from "@perennial/db";

/** Tells whether a sealed token opens with the keys there are. */
export function opensTokenWith(seal: TokenSeal): OpensToken {
  return (sealed, belongsTo) => {
    try {
      seal.open(sealed, belongsTo);
      return true;
    } catch (error) {
      if (error instanceof TokenSealError) return false;
      throw error;
    }
  };
}
