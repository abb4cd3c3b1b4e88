import { useId, useState } from "react";

import { CopyText } from "../../components/copy-text.tsx";
import { Button } from "../../components/button.tsx";
import { optionClass } from "../../components/checkbox.tsx";
import { Problem } from "../../components/problem.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { trpc, type Sink, type SinkKind } from "../../lib/trpc.ts";
import { useFocusOnArrival } from "../../lib/use-focus-on-arrival.ts";
import { KINDS, commandLine } from "./sink-words.ts";
import { SinkForm } from "./sink-form.tsx";
import { useSaveSink } from "./use-sinks.ts";

type Props = {
  connectionId: string;
  onAdded: (saved: { sink: Sink; webhookSecret: string | null }) => void;
  onCancel: () => void;
};

/** A new place: what kind it is, and what that kind is told. */
export function AddSink({ connectionId, onAdded, onCancel }: Props) {
  const kinds = trpc.sinks.kinds.useQuery();
  const [kind, setKind] = useState<SinkKind["kind"]>("webhook");
  const { save, isSaving, error } = useSaveSink(onAdded);
  if (kinds.data === undefined) {
    if (kinds.isError) return <Problem error={kinds.error} onRetry={() => void kinds.refetch()} />;
    return (
      <>
        <Loading what="the kinds of places" />
        <Skeleton className="h-96 w-full rounded-large" />
      </>
    );
  }
  const refusal = kinds.data.find((candidate) => candidate.kind === kind)?.refusal ?? null;
  return (
    <div className="flex flex-col gap-6 rounded-large border border-hairline p-4 sm:p-6">
      <Kinds kinds={kinds.data} picked={kind} onChange={setKind} />
      {kind === "command" || refusal !== null ? (
        <NotHere connectionId={connectionId} kind={kind} refusal={refusal} onCancel={onCancel} />
      ) : (
        <SinkForm
          key={kind}
          kind={kind}
          name={KINDS[kind].name}
          isBusy={isSaving}
          error={error}
          submitWords="Add it"
          onSubmit={(input) => save({ id: null, connectionId, ...input })}
          onCancel={onCancel}
        />
      )}
    </div>
  );
}

type KindsProps = {
  kinds: readonly SinkKind[];
  picked: SinkKind["kind"];
  onChange: (kind: SinkKind["kind"]) => void;
};

/** Every kind there is: those that are not to be had here say why. */
function Kinds({ kinds, picked, onChange }: KindsProps) {
  const id = useId();
  const fieldset = useFocusOnArrival<HTMLFieldSetElement>("input:checked");
  return (
    <fieldset ref={fieldset} className="min-w-0">
      <legend className="mb-2 text-small font-semibold">Where it is read</legend>
      <ul className="grid gap-2 sm:grid-cols-2">
        {kinds.map(({ kind, refusal }) => {
          const { name, meaning, icon: Icon } = KINDS[kind];
          return (
            <li key={kind} className="flex">
              <label
                className={`relative flex grow gap-3 rounded-medium p-3 ${optionClass(kind === picked)}`}
              >
                <input
                  type="radio"
                  name={id}
                  checked={kind === picked}
                  onChange={() => onChange(kind)}
                  aria-labelledby={`${id}-${kind}`}
                  aria-describedby={`${id}-${kind}-meaning`}
                  className="absolute inset-0 cursor-pointer appearance-none rounded-medium focus-visible:outline-none"
                />
                <Icon
                  className={`mt-0.5 size-5 shrink-0 ${kind === picked ? "text-evergreen" : "text-soft"}`}
                  aria-hidden="true"
                />
                <span className="min-w-0 text-small">
                  <span id={`${id}-${kind}`} className="block font-semibold">
                    {name}
                  </span>
                  <span id={`${id}-${kind}-meaning`} className="block text-caption text-soft">
                    {meaning}
                    {refusal !== null && <span className="block text-slate">{refusal}</span>}
                  </span>
                </span>
              </label>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

type NotHereProps = Pick<Props, "connectionId" | "onCancel"> & {
  kind: SinkKind["kind"];
  refusal: string | null;
};

function NotHere({ connectionId, kind, refusal, onCancel }: NotHereProps) {
  return (
    <div className="flex flex-col gap-4 text-small">
      <p>
        <span className="font-semibold">{refusal}</span>{" "}
        {kind === "command"
          ? "Whoever runs this site sets one up with this line; it is shown here afterwards."
          : "Whoever runs this site can open a folder, or set it up from the command line; it is shown here afterwards."}
      </p>
      {kind === "command" && <CopyText name="the line" text={commandLine(connectionId)} />}
      <div>
        <Button tone="secondary" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
