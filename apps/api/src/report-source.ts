import type { DoctorReport } from "@perennial/runtime";

/** A report is kept for this long: it costs calls to Meta, and whoever asks may ask without end. */
const KEPT_MS = 30_000;
/** That none could be made is kept for less, and yet: it may have cost the same calls. */
const FAILURE_KEPT_MS = 5_000;

/** Gives the report of an installation: one at a time is made, for everybody who asks, and none anew while the last is young. */
export type ReportSource = () => Promise<DoctorReport>;

/** Makes the source of one process. */
export function createReportSource(options: {
  diagnose: () => Promise<DoctorReport>;
  monotonicNow?: () => number;
}): ReportSource {
  const { diagnose, monotonicNow = () => performance.now() } = options;
  let report: Promise<DoctorReport> | null = null;
  let keptUntilMs = -Infinity;
  const make = async (): Promise<DoctorReport> => {
    keptUntilMs = Infinity; // as long as it is under way
    let keptMs = FAILURE_KEPT_MS;
    try {
      const made = await diagnose();
      keptMs = KEPT_MS;
      return made;
    } finally {
      keptUntilMs = monotonicNow() + keptMs;
    }
  };
  return () => {
    if (report === null || monotonicNow() >= keptUntilMs) report = make();
    return report;
  };
}
