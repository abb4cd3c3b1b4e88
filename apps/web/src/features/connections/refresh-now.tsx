import { RefreshCw } from "lucide-react";
import { useState } from "react";

import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { COMPANIES } from "../../lib/flavours.ts";
import { trpc, type Connection } from "../../lib/trpc.ts";
import { isNews } from "./news.ts";
import { refreshSentence } from "./refresh-sentence.ts";
import { SentenceText } from "./sentence-text.tsx";

type Props = { connection: Connection; now: number };

/**
 * Renews at once. A token that is not due is left alone, unless the person insists; one that nobody can renew is
 * looked at.
 */
export function RefreshNow({ connection, now }: Props) {
  const utils = trpc.useUtils();
  const { id, flavour, renewal } = connection;
  const deviceNow = useDeviceNow();
  const [askedAtMs, setAskedAtMs] = useState(now);
  const refresh = trpc.connections.refresh.useMutation({
    onSettled: () => utils.connections.invalidate(),
  });
  const { isPending, error, mutate } = refresh;
  const result = isNews(askedAtMs, now) ? refresh.data : undefined;
  const ask = (force: boolean): void => {
    setAskedAtMs(now);
    mutate({ id, force });
  };
  return (
    <div className="flex flex-col items-start gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button tone="secondary" isBusy={isPending} onClick={() => ask(false)}>
          <RefreshCw className="size-4" aria-hidden="true" />
          {renewal === "person" ? "Check now" : "Refresh now"}
        </Button>
        {result?.kind === "not_due" && (
          <Button tone="quiet" isBusy={isPending} onClick={() => ask(true)}>
            Refresh anyway
          </Button>
        )}
      </div>
      <output className="block text-small empty:hidden">
        {isPending && `Asking ${COMPANIES[flavour]}.`}
        {!isPending && result !== undefined && (
          <SentenceText sentence={refreshSentence(result, connection, { now, deviceNow })} now={now} />
        )}
      </output>
      <ActionProblem error={error} />
    </div>
  );
}
