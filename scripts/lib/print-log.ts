/** Fields of a log line that a person at a terminal does not need twice. */
const HIDDEN = new Set(["level", "at", "name", "msg", "event", "err"]);

/** Events that repeat what the terminal says anyway. */
const UNEVENTFUL = /^(?:process\.(?:stopping|stopped)|api\.listening|worker\.started)$/;

const SHOWN_LEVELS = new Set(["warn", "error", "fatal"]);

/** A log line of a child process as a short line for a terminal; null when it is not worth showing. */
export function readableLine(name: string, line: string, showsInfo: boolean): string | null {
  const entry = parse(line);
  if (entry === null) return line.trim() === "" ? null : `${name}  ${line}`;
  if (UNEVENTFUL.test(String(entry["event"]))) return null;
  const isShown =
    SHOWN_LEVELS.has(String(entry["level"])) || (showsInfo && String(entry["level"]) === "info");
  if (!isShown) return null;
  const fields = Object.entries(entry)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== null && value !== 0)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const error = entry["err"];
  if (typeof error === "object" && error !== null && "message" in error) fields.push(String(error.message));
  return [name, String(entry["event"] ?? entry["msg"]), ...fields].join("  ");
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? { ...entry } : null;
  } catch {
    return null; // some other tool's output that begins with a brace
  }
}
