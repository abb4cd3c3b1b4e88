import { ExportButton } from "../../components/diagnosis/export-button.tsx";
import { trpc } from "../../lib/trpc.ts";

/** Gives a failed sign-in as a file, for whoever is to find out why. */
export function ExportSignIn({ attemptId }: { attemptId: string }) {
  const utils = trpc.useUtils();
  return <ExportButton name={`sign-in-${attemptId}`} read={() => utils.auth.bundle.fetch({ attemptId })} />;
}
