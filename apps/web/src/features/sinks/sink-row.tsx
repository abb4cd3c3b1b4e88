import { useRef, useState, type RefObject } from "react";

import { Button, buttonClass } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Instant } from "../../components/instant.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { trpc, type Sink } from "../../lib/trpc.ts";
import { Receipts } from "./receipts.tsx";
import { SinkForm } from "./sink-form.tsx";
import { KINDS, sinkLook } from "./sink-words.ts";
import { useSaveSink } from "./use-sinks.ts";

type Props = {
  sink: Sink;
  /** Takes the focus when the place is removed. */
  afterwards: RefObject<HTMLElement | null>;
};

/** One place: what it is, how it is doing, and what can be done. */
export function SinkRow({ sink, afterwards }: Props) {
  const { id, connectionId, kind, name, target } = sink;
  const [isEdited, setIsEdited] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setIsEdited(false);
    // The button comes back with the row; it had the focus before.
    requestAnimationFrame(() => editButton.current?.focus());
  };
  const { save, isSaving, error } = useSaveSink(close);
  const { name: kindName, icon: KindIcon } = KINDS[kind];
  return (
    <li className="flex flex-col gap-3 py-5 first:pt-0 last:pb-0">
      <div className="flex gap-3">
        <KindIcon className="mt-0.5 size-5 shrink-0 text-soft" aria-hidden="true" />
        <div className="min-w-0 grow text-small">
          <p className="font-semibold break-words">{name}</p>
          <p className="text-caption break-words text-soft">
            {kindName}
            <span aria-hidden="true"> · </span>
            <span className="sr-only">: </span>
            <code className="font-mono break-all">{target}</code>
          </p>
          <Standing sink={sink} />
        </div>
      </div>
      {isEdited && kind !== "command" ? (
        <div className="pt-2 sm:pl-8">
          <SinkForm
            kind={kind}
            name={name}
            isThere
            isBusy={isSaving}
            error={error}
            submitWords="Save"
            onSubmit={(input) => save({ id, connectionId, ...input })}
            onCancel={close}
          />
        </div>
      ) : (
        <Actions
          sink={sink}
          editButton={editButton}
          onEdit={kind === "command" ? null : () => setIsEdited(true)}
          afterwards={afterwards}
        />
      )}
      <Receipts sink={sink} />
    </li>
  );
}

/** Deliveries are made by people's clocks, which no simulator moves. */
function Standing({ sink }: { sink: Sink }) {
  const now = useDeviceNow();
  const { state, deliveredAt, nextDeliveryAt, failedAttempts, problem } = sink;
  const { icon: Icon, word, className } = sinkLook(sink);
  return (
    <div className="mt-2">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <output className={`inline-flex items-center gap-1.5 font-semibold ${className}`}>
          <Icon className="size-4 shrink-0" aria-hidden="true" />
          {word}
        </output>
        <span className="text-caption text-soft">
          {deliveredAt === null ? (
            state !== "waiting" && "never delivered"
          ) : (
            <>
              last delivered <Instant at={deliveredAt} now={now} isPast />
            </>
          )}
        </span>
      </p>
      {problem !== null && (
        <p className="mt-1">
          {problem.message} <span className="text-soft">{problem.cure}</span>
        </p>
      )}
      {failedAttempts > 0 && (
        <p className="mt-1 text-caption text-soft">
          {failedAttempts === 1 ? "Failed once" : `Failed ${failedAttempts} times`}
          {nextDeliveryAt === null ? (
            ". It goes on with the next token."
          ) : Date.parse(nextDeliveryAt) <= now ? (
            ". Next try now."
          ) : (
            <>
              . Next try <Instant at={nextDeliveryAt} now={now} />.
            </>
          )}
        </p>
      )}
    </div>
  );
}

type ActionsProps = Props & { editButton: RefObject<HTMLButtonElement | null>; onEdit: (() => void) | null };

function Actions({ sink: { id, name }, editButton, onEdit, afterwards }: ActionsProps) {
  const utils = trpc.useUtils();
  const refresh = (): void => void utils.sinks.invalidate();
  const test = trpc.sinks.test.useMutation({ onSettled: refresh });
  const remove = trpc.sinks.remove.useMutation({ onSuccess: refresh });
  return (
    <div className="flex flex-col gap-2 sm:pl-8">
      <div className="flex flex-wrap gap-x-1 gap-y-2">
        <Button
          tone="secondary"
          isBusy={test.isPending}
          aria-label={`Deliver now to ${name}`}
          onClick={() => test.mutate({ id })}
        >
          Deliver now
        </Button>
        {onEdit !== null && (
          <Button ref={editButton} tone="quiet" aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </Button>
        )}
        <ConfirmDialog
          trigger="Remove"
          triggerLabel={`Remove ${name}`}
          triggerClass={buttonClass("quiet")}
          title={<>Remove “{name}”?</>}
          keepWords="Keep it"
          confirmWords="Remove place"
          change={remove}
          onConfirm={() => remove.mutate({ id })}
          afterwards={afterwards}
        >
          <p>
            No token is delivered there any more. What is there stays, and works until that token’s own end.
          </p>
        </ConfirmDialog>
      </div>
      <output className="block text-small empty:hidden">
        {test.isPending && <span className="text-soft">Delivering.</span>}
        {test.data?.problem === null && <span className="text-soft">Delivered just now.</span>}
      </output>
      <ActionProblem error={test.error} />
    </div>
  );
}
