/**
 * Reads the form fields of a body: urlencoded or multipart, as Instagram takes them. Anything else, JSON included,
 * has no fields.
 */
export function readForm(contentType: string | undefined, body: Buffer): URLSearchParams {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") return new URLSearchParams(body.toString("utf8"));
  if (type === "multipart/form-data") return readMultipart(contentType ?? "", body.toString("utf8"));
  return new URLSearchParams();
}

function readMultipart(contentType: string, text: string): URLSearchParams {
  const fields = new URLSearchParams();
  const boundary = parameterOf(contentType, "boundary");
  if (boundary === undefined) return fields;
  for (const part of text.split(`--${boundary}`).slice(1)) {
    if (part.startsWith("--")) break;
    const blank = part.indexOf("\r\n\r\n");
    const disposition = part
      .slice(0, blank)
      .split("\r\n")
      .find((line) => line.toLowerCase().startsWith("content-disposition:"));
    const name = disposition === undefined ? undefined : parameterOf(disposition, "name");
    if (blank !== -1 && name !== undefined) fields.append(name, part.slice(blank + 4).replace(/\r\n$/, ""));
  }
  return fields;
}

/** A parameter of a header, like `boundary` in `multipart/form-data; boundary=x`. */
function parameterOf(header: string, name: string): string | undefined {
  for (const piece of header.split(";").slice(1)) {
    const equals = piece.indexOf("=");
    if (piece.slice(0, equals).trim().toLowerCase() !== name) continue;
    const value = piece.slice(equals + 1).trim();
    return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  }
  return undefined;
}

/** Encodes once too often: every byte, so that plain letters come out changed as well. */
export function percentEncodeAll(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}
