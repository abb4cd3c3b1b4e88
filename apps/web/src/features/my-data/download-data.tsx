import { Download } from "lucide-react";

import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { saveJson } from "../../lib/save-file.ts";
import { trpc } from "../../lib/trpc.ts";

/** Saves all that is kept as a file. That it was asked for is written down too. */
export function DownloadData() {
  const utils = trpc.useUtils();
  const download = trpc.account.export.useMutation({
    gcTime: 0, // no cache keeps what the person has as a file
    onSuccess: (data) => {
      saveJson(`perennial-${data.exportedAt.slice(0, 10)}.json`, data);
      void utils.auth.activity.invalidate();
    },
  });
  return (
    <div className="flex flex-col items-start gap-2">
      <Button tone="secondary" isBusy={download.isPending} onClick={() => download.mutate()}>
        <Download className="size-4" aria-hidden="true" />
        Download my data
      </Button>
      <output className="text-caption text-soft empty:hidden">
        {download.isSuccess ? "Saved as a file on this device." : ""}
      </output>
      <ActionProblem error={download.error} />
    </div>
  );
}
