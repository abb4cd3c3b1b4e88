import { ERROR_REASONS, type InstagramErrorReason } from "@perennial/instagram";

import type { ConnectionErrorCode } from "../errors.ts";
import { EXPLANATIONS } from "../explanations.ts";
import { CATALOGUE_OF_REASONS } from "./catalogue.ts";
import type { CatalogueEntry, EndedBy } from "./entry.ts";
import { OF_COMMANDS } from "./of-commands.ts";
import { OF_REQUESTS } from "./of-requests.ts";
import { OF_OWN } from "./own.ts";

const ENDED_BY: Readonly<Record<EndedBy, string>> = {
  time: "Passes by itself; it is tried again.",
  person: "The person whose account it is can end it.",
  operator: "Whoever runs this site has to act. Waiting does not help, and nobody is asked to sign in again.",
  caller: "Whoever sent the request can put it right.",
};

const WHO = { person: "The person", developer: "A developer", operator: "Whoever runs the site" } as const;

/** The whole catalogue as a page of documentation. */
export function errorsPage(): string {
  const reasons = Object.keys(CATALOGUE_OF_REASONS) as InstagramErrorReason[];
  const byCode = Map.groupBy(reasons, (reason) => ERROR_REASONS[reason].code as ConnectionErrorCode);
  const parts = [INTRODUCTION, "## What Instagram and Facebook say"];
  for (const [code, ofCode] of [...byCode].sort(byName)) {
    parts.push(`### \`${code}\``, `${EXPLANATIONS[code].message} ${EXPLANATIONS[code].cure}`);
    for (const reason of ofCode)
      parts.push(
        `#### \`${code}\`: ${ERROR_REASONS[reason].meaning}`,
        ...entry(CATALOGUE_OF_REASONS[reason]),
      );
  }
  parts.push("## What Perennial finds itself");
  for (const [code, own] of Object.entries(OF_OWN).sort(byName)) {
    const { message, cure } = EXPLANATIONS[code as ConnectionErrorCode];
    parts.push(`### \`${code}\``, `${message} ${cure}`, ...entry(own));
  }
  parts.push(
    "## What a request meets",
    "What the interfaces of the web app and of other code answer beside those codes.",
  );
  for (const [code, fault] of Object.entries(OF_REQUESTS).sort(byName))
    parts.push(`### Request: \`${code}\``, ...entry(fault));
  parts.push("## What a command ends with", "What `--json` names at the terminal beside those codes.");
  for (const [code, fault] of Object.entries(OF_COMMANDS).sort(byName))
    parts.push(`### Command: \`${code}\``, ...entry(fault));
  return `${parts.join("\n\n")}\n`;
}

const INTRODUCTION = `# Errors

Every code that Perennial answers with, and every reason it tells apart in what Instagram and Facebook say: what it
means, what it comes from, the likeliest first, and what to do. This page is made from the same catalogue that the web
app, the terminal and the HTTP interface speak from.`;

function entry({ meaning, endedBy, causes, steps, link }: CatalogueEntry): string[] {
  const blocks = [meaning, ENDED_BY[endedBy], `Comes from:\n\n${list(causes, "1.")}`];
  for (const [who, name] of Object.entries(WHO) as [keyof typeof WHO, string][]) {
    if (steps[who].length > 0) blocks.push(`${name}:\n\n${list(steps[who], "-")}`);
  }
  if (link !== null) blocks.push(`Meta's page: <${link}>`);
  return blocks;
}

function list(items: readonly string[], mark: "1." | "-"): string {
  return items.map((item, index) => `${mark === "-" ? "-" : `${index + 1}.`} ${item}`).join("\n");
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
