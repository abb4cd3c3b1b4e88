import type { describeApi } from "./openapi.ts";

type Description = ReturnType<typeof describeApi>;
type Schema = Record<string, unknown>;

/** The page's style sheet: the security policy allows none within it. */
export const STYLE = `:root { color-scheme: light dark; --line: light-dark(#d8d5cf, #3a3a3c); --soft: light-dark(#f4f2ee, #232325); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { font-size: 1.75rem; } h2 { font-size: 1.2rem; margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
h3 { font-size: 1rem; margin-bottom: 0.4rem; }
code { font: 0.9em/1.4 ui-monospace, monospace; background: var(--soft); padding: 0.1em 0.35em; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } .method { text-transform: uppercase; font-weight: 700; } .scroll { overflow-x: auto; }
`;

/** The description as a page to read: no script, nothing from elsewhere. */
export function renderApiPage(description: Description): string {
  const { info, paths = {}, components } = description;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Schema>).map(([method, operation]) =>
      renderOperation(path, method, operation),
    ),
  );
  const schemas = Object.entries((components?.schemas ?? {}) as Record<string, Schema>);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)}: HTTP interface</title><link rel="stylesheet" href="/v1/docs.css"></head>
<body><main>
<h1>${text(info.title)}: HTTP interface</h1>
<p>${prose(info.description ?? "")}</p>
<p>Authorize with <code>Authorization: Bearer pnl_…</code>. For programs: <a href="/openapi.json">openapi.json</a>.</p>
${operations.join("\n")}
<h2>Shapes</h2>
${schemas.map(([name, schema]) => `<h3 id="${text(name)}">${text(name)}</h3>${renderFields(schema)}`).join("\n")}
</main></body></html>
`;
}

function renderOperation(path: string, method: string, operation: Schema): string {
  const {
    summary,
    description,
    parameters = [],
    responses,
  } = operation as {
    summary: string;
    description?: string;
    parameters?: { name: string; in: string; description?: string; schema?: Schema }[];
    responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
  };
  const asked = parameters.map(
    (parameter) =>
      `<tr><td><code>${text(parameter.name)}</code></td><td>${text(parameter.in)}</td><td>${prose(parameter.description ?? wordsOf(parameter.schema))}</td></tr>`,
  );
  const answers = Object.entries(responses).map(
    ([status, answer]) =>
      `<tr><td>${text(status)}</td><td>${shapeOf(answer.content?.["application/json"]?.schema)}</td><td>${prose(answer.description)}</td></tr>`,
  );
  return `<section><h2><span class="method">${text(method)}</span> <code>${text(path)}</code></h2>
<p>${prose(summary)}.${description === undefined ? "" : ` ${prose(description)}`}</p>
${asked.length === 0 ? "" : tableOf(["Parameter", "In", ""], asked)}
${tableOf(["Status", "Shape", ""], answers)}</section>`;
}

function renderFields(schema: Schema): string {
  const all = [schema, ...((schema["allOf"] as Schema[] | undefined) ?? [])];
  const fields = all.flatMap((part) => Object.entries((part["properties"] ?? {}) as Record<string, Schema>));
  const rows = fields.map(
    ([name, field]) =>
      `<tr><td><code>${text(name)}</code></td><td>${shapeOf(field)}</td><td>${prose(wordsOf(field))}</td></tr>${nestedRows(name, field)}`,
  );
  return tableOf(["Field", "Type", ""], rows);
}

function nestedRows(parent: string, field: Schema): string {
  return Object.entries((field["properties"] ?? {}) as Record<string, Schema>)
    .map(
      ([name, nested]) =>
        `<tr><td><code>${text(`${parent}.${name}`)}</code></td><td>${shapeOf(nested)}</td><td>${prose(wordsOf(nested))}</td></tr>`,
    )
    .join("");
}

function wordsOf(schema: Schema | undefined): string {
  const words = schema?.["description"];
  return typeof words === "string" ? words : "";
}

function shapeOf(schema: Schema | undefined): string {
  if (schema === undefined) return "";
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    return `<a href="#${text(name)}">${text(name)}</a>`;
  }
  const { type, items } = schema as { type?: string | string[]; items?: Schema };
  if (type === "array") return `list of ${shapeOf(items)}`;
  const values = schema["enum"];
  if (Array.isArray(values)) return values.map((value) => `<code>${text(String(value))}</code>`).join(" ");
  return text(Array.isArray(type) ? type.join(" or ") : (type ?? "object"));
}

function tableOf(head: string[], rows: string[]): string {
  return `<div class="scroll"><table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** Text with `code` in it. */
function prose(words: string): string {
  return text(words).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function text(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
