import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useRef, useState, type ReactNode, type RefObject } from "react";

import type { ApiError } from "../lib/trpc.ts";
import { Button, buttonClass } from "./button.tsx";
import { ActionProblem } from "./problem.tsx";

type Props = {
  trigger: ReactNode;
  /** What the trigger does and to what, where its words alone do not say it. */
  triggerLabel?: string;
  triggerClass: string;
  title: ReactNode;
  /** What will be, in paragraphs. */
  children: ReactNode;
  keepWords: string;
  confirmWords: string;
  /** A change as it stands. */
  change: { isPending: boolean; isSuccess: boolean; error: ApiError | null; reset: () => void };
  onConfirm: () => void;
  /** Takes the focus when what was asked about is gone. */
  afterwards?: RefObject<HTMLElement | null>;
};

/** One question before something that cannot be taken back. The safe answer has the focus. */
export function ConfirmDialog(props: Props) {
  const { trigger, triggerLabel, triggerClass, title, children, keepWords, confirmWords, change } = props;
  const keepButton = useRef<HTMLButtonElement>(null);
  const [isAsked, setIsAsked] = useState(false);
  const isSettled = change.isSuccess && props.afterwards !== undefined;
  const ask = (isOpen: boolean): void => {
    if (isOpen) change.reset();
    setIsAsked(isOpen);
  };
  return (
    <AlertDialog.Root open={isAsked && !isSettled} onOpenChange={ask}>
      <AlertDialog.Trigger className={triggerClass} aria-label={triggerLabel}>
        {trigger}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <AlertDialog.Popup
          initialFocus={keepButton}
          finalFocus={() => (change.isSuccess ? (props.afterwards?.current ?? true) : true)}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-dialog -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-large border border-hairline bg-raised p-6 shadow-raised"
        >
          <AlertDialog.Title className="line-clamp-3 shrink-0 text-heading break-words">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="flex flex-col gap-3 text-small text-soft">
            {children}
          </AlertDialog.Description>
          <ActionProblem error={change.error} />
          <div className="mt-2 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
            <AlertDialog.Close ref={keepButton} className={buttonClass("secondary")}>
              {keepWords}
            </AlertDialog.Close>
            <Button tone="danger" isBusy={change.isPending || change.isSuccess} onClick={props.onConfirm}>
              {confirmWords}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
