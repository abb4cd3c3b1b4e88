import { onlyKnown } from "./control/input.ts";
import type { NewSimulatedUser, SimulatedMedia, SimulatedUser } from "./people.ts";
import { SimulatorError } from "./simulator-error.ts";

const isText = (value: unknown) => typeof value === "string";
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
const isId = (value: unknown) => typeof value === "string" && /^\d{1,32}$/.test(value);

const FIELDS: Record<keyof SimulatedUser, (value: unknown) => boolean> = {
  key: isText,
  username: isText,
  name: isTextOrNull,
  accountType: (value) => ["BUSINESS", "MEDIA_CREATOR", "PERSONAL"].includes(String(value)),
  professionalId: isText,
  appScopedId: isText,
  hasTesterRole: (value) => typeof value === "boolean",
  biography: isTextOrNull,
  website: isTextOrNull,
  followersCount: isCount,
  followsCount: isCount,
  publishedToday: isCount,
  media: (value) => Array.isArray(value),
  part: isText,
};

/**
 * Reads a person to add from JSON, where `postedAt` of a post is ISO text.
 *
 * @throws {SimulatorError} `invalid_input` for unknown names and for values a person cannot have.
 */
export function readNewUser(value: unknown): NewSimulatedUser {
  if (typeof value !== "object" || value === null) {
    throw new SimulatorError("invalid_input", "A person has to be a JSON object.");
  }
  const body: Record<string, unknown> = { ...value };
  onlyKnown(body, ...Object.keys(FIELDS), "variant");
  for (const [name, isFine] of [...Object.entries(FIELDS), ["variant", isText] as const]) {
    if (Object.hasOwn(body, name) && !isFine(body[name])) {
      throw new SimulatorError("invalid_input", `"${name}" of a person cannot have this value.`);
    }
  }
  const { media, ...rest } = body as NewSimulatedUser;
  return media === undefined ? rest : { ...rest, media: media.map(readMedia) };
}

/**
 * Reads a whole person from JSON: nothing may be missing.
 *
 * @throws {SimulatorError} `invalid_input` as `readNewUser`, and naming the first field that is not there.
 */
export function readUser(body: Record<string, unknown>): SimulatedUser {
  onlyKnown(body, ...Object.keys(FIELDS));
  const missing = Object.keys(FIELDS).find((name) => !Object.hasOwn(body, name));
  if (missing !== undefined) throw new SimulatorError("invalid_input", `A person has no "${missing}".`);
  return readNewUser(body) as SimulatedUser;
}

function readMedia(media: unknown): SimulatedMedia {
  const given: Partial<SimulatedMedia> = typeof media === "object" && media !== null ? media : {};
  const { id, mediaType, caption = null, postedAt, childIds } = given;
  const posted = new Date(postedAt ?? Number.NaN);
  const isFine =
    isId(id) &&
    ["IMAGE", "VIDEO", "CAROUSEL_ALBUM"].includes(String(mediaType)) &&
    isTextOrNull(caption) &&
    !Number.isNaN(posted.getTime()) &&
    (childIds === undefined || (Array.isArray(childIds) && childIds.every(isId)));
  if (!isFine || id === undefined || mediaType === undefined) {
    throw new SimulatorError(
      "invalid_input",
      "A post needs id, mediaType and postedAt; caption is a text or null.",
    );
  }
  return { id, mediaType, caption, postedAt: posted, ...(childIds === undefined ? {} : { childIds }) };
}
