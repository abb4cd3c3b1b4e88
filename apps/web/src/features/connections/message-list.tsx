import { CircleCheck, CircleX, Send } from "lucide-react";

import { Instant } from "../../components/instant.tsx";
import { Problem } from "../../components/problem.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import type { Alert } from "../../lib/trpc.ts";
import {
  deliveryWords,
  messageLook,
  messageSentence,
  messageTitle,
  openMessages,
  type MessageTone,
} from "./message-words.ts";
import { SentenceText } from "./sentence-text.tsx";
import type { Messages } from "./use-messages.ts";

type Props = {
  messages: Messages;
  /** When the connection got its present token by a renewal: what was told before is settled. */
  renewedAt: string | null;
  now: number;
};

/** What the person was told about this account, newest first, and whether it was sent on. */
export function MessageList({ messages, renewedAt, now }: Props) {
  if (messages.data === undefined) {
    return messages.isError ? (
      <Problem error={messages.error} onRetry={() => void messages.refetch()} />
    ) : (
      <MessagesSkeleton />
    );
  }
  const { messages: list, isCut } = messages.data;
  if (list.length === 0) {
    return (
      <p className="text-small text-soft">
        {isCut ? "No recent message. " : "No message so far. "}
        You are told here when this account needs you, and in good time before its token ends.
      </p>
    );
  }
  const open = openMessages(list, renewedAt);
  return (
    <ol aria-label="Messages" className="flex flex-col divide-y divide-hairline">
      {list.map((alert) => (
        <MessageLine key={alert.id} alert={alert} isOpen={open.has(alert.id)} now={now} />
      ))}
    </ol>
  );
}

const TONES: Record<MessageTone, string> = {
  needs_person: "text-clay",
  needs_operator: "text-ink",
  attention: "text-amber",
  good: "text-leaf",
};

function MessageLine({ alert, isOpen, now }: { alert: Alert; isOpen: boolean; now: number }) {
  const { icon: Icon, tone } = messageLook(alert);
  const colour = isOpen || tone === "good" ? TONES[tone] : "text-slate";
  return (
    <li className="flex gap-3 py-4 text-small first:pt-0 last:pb-0">
      <Icon className={`mt-0.5 size-5 shrink-0 ${colour}`} aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="font-semibold">{messageTitle(alert)}</span>
          <span className="text-soft">
            <Instant at={alert.createdAt} now={now} />
          </span>
        </p>
        <p className="mt-1 empty:hidden">
          <SentenceText sentence={messageSentence(alert, now)} now={now} />
        </p>
        <Delivery alert={alert} now={now} />
      </div>
    </li>
  );
}

function Delivery({ alert, now }: { alert: Alert; now: number }) {
  const { deliveryState, deliveredAt } = alert;
  const words = deliveryWords(alert);
  if (words === null) return null;
  const Icon = deliveryState === "given_up" ? CircleX : deliveryState === "delivered" ? CircleCheck : Send;
  return (
    <p className="mt-1 flex items-start gap-1.5 text-caption text-soft">
      <Icon className="mt-0.75 size-3.5 shrink-0" aria-hidden="true" />
      <span>
        Webhook
        <span aria-hidden="true"> · </span>
        <span className="sr-only">: </span>
        {deliveredAt === null ? words : <Instant at={deliveredAt} now={now} words={words} />}
      </span>
    </p>
  );
}

/** In the size of what most accounts have: no message, and the sentence that says so. */
function MessagesSkeleton() {
  return (
    <>
      <Loading what="the messages" />
      <div aria-hidden="true" className="flex flex-col gap-2 py-1">
        <Skeleton className="h-3.5 w-full" />
        <Skeleton className="h-3.5 w-2/3" />
      </div>
    </>
  );
}
