import type { Diagnosis } from "@perennial/connections";
import type { Ending, ReplayReport } from "@perennial/runtime";
import type { Writable } from "node:stream";

import { exitCodeOfProblem } from "./exit-codes.ts";
import { failureSentence } from "./failure.ts";
import { table } from "./table.ts";

const LOGINS = { instagram: "Instagram Login", facebook: "Facebook Login" } as const;

/** What came of a replay, for a person. */
export function describeReplay(report: ReplayReport, out: Writable): string {
  const { kind, flavour, isSame, recorded, replayed, diagnosis } = report;
  const what = `${kind.replaceAll("_", " ")}, ${LOGINS[flavour]}`;
  const rows = [
    ["code", shown(recorded.code), shown(replayed.code)],
    ["reason", shown(recorded.upstreamReason), shown(replayed.upstreamReason)],
    ["step", shown(recorded.step), shown(replayed.step)],
  ];
  const ends = isSame
    ? "It ends as it did."
    : "It ends otherwise than it did: this version tells those answers apart differently.";
  const head = `${what}, played again. ${ends}\n\n${table(["", "RECORDED", "REPLAYED"], rows)}`;
  return diagnosis === null
    ? `${head}\nNothing fails: there is nothing to explain.\n`
    : `${head}\n${describeDiagnosis(diagnosis, replayed, out)}`;
}

function shown(part: string | null): string {
  return part ?? "–";
}

function describeDiagnosis(diagnosis: Diagnosis, { code }: Ending, out: Writable): string {
  const { message, cure, meaning, causes, steps, link } = diagnosis;
  const exitCode = code === null ? 0 : exitCodeOfProblem(code);
  const what = failureSentence(out, exitCode, `${message} ${cure}`);
  const ranked = causes.map(
    ({ cause, verdict, seen }) =>
      `  ${verdict.padEnd(8)}  ${cause}\n${seen === null ? "" : `${" ".repeat(12)}${seen}\n`}`,
  );
  const toDo = (["person", "developer", "operator"] as const).flatMap((who) =>
    steps[who].map((step) => `  ${who.padEnd(9)}  ${step}\n`),
  );
  return [
    `${what}\n${meaning === message ? "" : `${meaning}\n`}`,
    `\nCauses:\n${ranked.join("")}`,
    toDo.length === 0 ? "" : `\nWhat to do:\n${toDo.join("")}`,
    link === null ? "" : `\nMeta's page: ${link}\n`,
  ].join("");
}
