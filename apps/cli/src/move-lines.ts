import type { Writable } from "node:stream";

import { describeAtWork, type BackupProgress, type MoveProgress } from "@perennial/runtime";

type Progress = MoveProgress | BackupProgress;

const LINE_INTERVAL_MS = 1_000;
const COUNT = new Intl.NumberFormat("en");

/** Tells a person how far a move, a backup or a restore has come: a line when something begins or ends, and one a second in between. */
export function createMoveLines(
  out: Writable,
  nowMs: () => number = () => performance.now(),
): { print: (progress: Progress) => void } {
  let last = { subject: "", printedMs: 0, beganMs: 0 };
  return {
    print: (progress) => {
      const subject = subjectOf(progress);
      const now = nowMs();
      const isNew = subject !== last.subject;
      if (isNew) last = { subject, printedMs: now, beganMs: now };
      const isDue = isNew || now - last.printedMs >= LINE_INTERVAL_MS || isEnd(progress);
      if (!isDue) return;
      last.printedMs = now;
      const line = lineOf(progress, (now - last.beganMs) / 1_000);
      if (line !== "") out.write(`${line}\n`);
    },
  };
}

/** What changes with it is new; the rest is how far it has come. */
function subjectOf(progress: Progress): string {
  if ("table" in progress) return `${progress.step} ${progress.table}`;
  return "at" in progress ? `${progress.step} ${progress.at}` : progress.step;
}

function isEnd(progress: Progress): boolean {
  return "rows" in progress && progress.rows === progress.ofRows;
}

function lineOf(progress: Progress, seconds: number): string {
  switch (progress.step) {
    case "at_work": {
      const { processes, liveLeases } = progress.atWork;
      if (processes.length === 0 && liveLeases === 0) return "";
      return `at the ${progress.at} ${describeAtWork(progress.atWork)}: they can go on reading`;
    }
    case "checking_tokens":
      return `opening tokens at the ${progress.at}: ${COUNT.format(progress.opened)}`;
    case "draining":
      return `waiting for what is in flight: ${COUNT.format(progress.liveLeases)} leases`;
    case "sealed":
      return `the source can only be read from now on${progress.isResumed ? "; going on where the last run was cut off" : ""}`;
    case "copying":
    case "comparing": {
      const { step, table, rows, ofRows } = progress;
      const rate = seconds > 0 ? `, ${COUNT.format(Math.round(rows / seconds))} rows/s` : "";
      return `${step} ${table}: ${COUNT.format(rows)} of ${COUNT.format(ofRows)} rows${rate}`;
    }
    case "verifying":
      return "opening it again, and looking through it";
    case "finished":
      return "the target is open";
  }
}
