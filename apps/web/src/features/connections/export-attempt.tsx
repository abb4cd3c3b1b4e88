import { ExportButton } from "../../components/diagnosis/export-button.tsx";
import { trpc, type HistoryEntry } from "../../lib/trpc.ts";

type Props = { connectionId: string; entry: Pick<HistoryEntry, "id" | "startedAt"> };

/** Gives one line of the history as a file, for whoever is to find out why it failed. */
export function ExportAttempt({ connectionId, entry: { id, startedAt } }: Props) {
  const utils = trpc.useUtils();
  const read = () => utils.diagnostics.bundle.fetch({ id: connectionId, attemptId: id, startedAt });
  return <ExportButton name={`attempt-${id}`} read={read} />;
}
