import { Plus } from "lucide-react";
import { useRef, useState, type RefObject } from "react";

import { Button } from "../../components/button.tsx";
import { CopyText } from "../../components/copy-text.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { AddSink } from "./add-sink.tsx";
import { SinkRow } from "./sink-row.tsx";
import { READERS_ID } from "./sink-words.ts";
import { useSinks } from "./use-sinks.ts";

/** A webhook's secret, from when it was made until it was taken along. */
type MadeSecret = { name: string; secret: string };

/** The places to which the token of a connection is delivered. */
export function SinkSection({ connectionId }: { connectionId: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<MadeSecret | null>(null);
  const close = (): void => {
    setIsAdding(false);
    setMade(null);
    heading.current?.focus();
  };
  return (
    <Section title="Who reads this token" id={READERS_ID} headingRef={heading}>
      <Sinks connectionId={connectionId} heading={heading} isQuiet={isAdding || made !== null} />
      {made !== null ? (
        <ShownOnce title={`“${made.name}” is set up`} onKept={close}>
          <div className="flex flex-col gap-3">
            <p className="text-small">
              Every message is signed with this secret, so that your receiver can tell ours from anybody’s.
              Keep it where the receiver reads its secrets: it is shown this once.
            </p>
            <CopyText name="the secret" text={made.secret} />
          </div>
        </ShownOnce>
      ) : isAdding ? (
        <AddSink
          connectionId={connectionId}
          onAdded={({ sink, webhookSecret }) => {
            if (webhookSecret === null) return close();
            setIsAdding(false);
            setMade({ name: sink.name, secret: webhookSecret });
          }}
          onCancel={close}
        />
      ) : (
        <div>
          <Button tone="secondary" onClick={() => setIsAdding(true)}>
            <Plus className="size-4" aria-hidden="true" />
            Add a place
          </Button>
        </div>
      )}
    </Section>
  );
}

type SinksProps = {
  connectionId: string;
  heading: RefObject<HTMLHeadingElement | null>;
  /** Something else says already what there is to do. */
  isQuiet: boolean;
};

function Sinks({ connectionId, heading, isQuiet }: SinksProps) {
  const sinks = useSinks(connectionId);
  if (sinks.data === undefined) {
    return sinks.isError ? (
      <Problem error={sinks.error} onRetry={() => void sinks.refetch()} />
    ) : (
      <SinksSkeleton />
    );
  }
  if (sinks.data.length === 0) {
    return isQuiet ? null : (
      <p className="text-small text-soft">
        No place so far. A program that cannot ask finds the token where it looks already: each new one is
        delivered there within a second, and every delivery has a receipt.
      </p>
    );
  }
  return (
    <ul aria-label="Who reads this token" className="flex flex-col divide-y divide-hairline">
      {sinks.data.map((sink) => (
        <SinkRow key={sink.id} sink={sink} afterwards={heading} />
      ))}
    </ul>
  );
}

/** In the size of what most accounts have: no place, and the sentence that says so. */
function SinksSkeleton() {
  return (
    <>
      <Loading what="who reads this token" />
      <div aria-hidden="true" className="flex flex-col gap-2 py-1">
        <Skeleton className="h-3.5 w-full" />
        <Skeleton className="h-3.5 w-2/3" />
      </div>
    </>
  );
}
