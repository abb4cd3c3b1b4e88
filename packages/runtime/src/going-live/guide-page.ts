import type { Guide, GuideSection, GuideStep } from "./guide.ts";

/** The guide as a page of documentation. */
export function guidePage({ appUrl, sections, stages, wrongClaims }: Guide): string {
  const parts = [
    INTRODUCTION,
    `Everything here is filled in for \`${appUrl}\`. Put your own address in its place, or open \`/going-live\` of your
installation: it is filled in with its own, copies at a click, and remembers what you have ticked.`,
    ...sections.flatMap(sectionParts),
    "## Who can sign in, and when",
    stages.map(({ name, who, takes }) => `- **${name}.** ${who} _What it takes:_ ${takes}`).join("\n"),
    "## What other guides say",
    wrongClaims.map(({ claim, truth }) => `- _${claim}_ ${truth}`).join("\n"),
    "Where something fails all the same, [errors.md](errors.md) has every code, with what it comes from and what helps.",
  ];
  return `${parts.join("\n\n")}\n`;
}

const INTRODUCTION = `# Going live with a real app

From the simulator to accounts of real people. Meta accepts professional Instagram accounts only: Business or Creator. One
of the two logins is enough. This page is made from the same list as the set-up guide of the web app, and what is done in
Meta's dashboards from the one that \`perennial doctor\` shows.`;

function sectionParts({ title, intro, scopes, steps }: GuideSection): string[] {
  const asked = scopes.map(({ name, purpose }) => `- \`${name}\`: ${purpose}`);
  return [
    `## ${title}`,
    intro,
    ...(asked.length === 0 ? [] : [`It asks people for:\n\n${asked.join("\n")}`]),
    ...steps.map(stepPart),
  ];
}

function stepPart({ place, task, reason, copy }: GuideStep, index: number): string {
  const number = `${index + 1}. `;
  const fence = copy === null ? [] : ["", "```text", ...copy.split("\n"), "```"];
  const rest = [`_${place}._ ${reason}`, ...fence];
  const indented = rest.map((line) => (line === "" ? "" : `${" ".repeat(number.length)}${line}`));
  return [`${number}${task}`, ...indented].join("\n");
}
