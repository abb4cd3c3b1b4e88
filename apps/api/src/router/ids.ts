import { z } from "zod";

/** The id of a connection. */
export const connectionId = z.string().regex(/^con_[A-Za-z0-9_-]{22}$/);

/** The public handle of a session, which opens nothing. */
export const sessionHandle = z.string().regex(/^ses_[A-Za-z0-9_-]{22}$/);

/** The id of a sink. */
export const sinkId = z.string().regex(/^snk_[A-Za-z0-9_-]{22}$/);

/** Professional account ids that were chosen from a list. */
export const chosenAccountIds = z
  .array(z.string().regex(/^\d{1,32}$/))
  .min(1)
  .max(200);
