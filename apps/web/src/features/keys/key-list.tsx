import type { RefObject } from "react";

import { buttonClass } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Instant } from "../../components/instant.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { exactWords } from "../../lib/time-words.ts";
import { trpc, type ApiKey } from "../../lib/trpc.ts";
import { accountsWords, actionsWords, keyLook, lifetimeWords } from "./key-words.ts";

type Props = {
  label: string;
  keys: readonly ApiKey[];
  accounts: readonly { id: string; username: string }[];
  /** Takes the focus when a key is revoked. */
  afterwards: RefObject<HTMLElement | null>;
};

/** Keys, what each may do, and when it was last used. */
export function KeyList({ label, keys, ...rest }: Props) {
  // Keys end by people's clocks, which no simulator moves.
  const now = useDeviceNow();
  return (
    <ul aria-label={label} className="flex flex-col divide-y divide-hairline">
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} now={now} {...rest} />
      ))}
    </ul>
  );
}

type RowProps = { apiKey: ApiKey; now: number } & Pick<Props, "accounts" | "afterwards">;

function KeyRow({ apiKey, accounts, now, afterwards }: RowProps) {
  const { name, hint, actions, connectionIds, allowedAddresses, expiresAt, lastUsedAt, revokedAt } = apiKey;
  const { icon: Icon, word, className } = keyLook(apiKey, now);
  return (
    <li className="flex gap-3 py-4 first:pt-0 last:pb-0">
      <Icon className={`mt-0.5 size-5 shrink-0 ${className}`} aria-hidden="true" />
      <div className="min-w-0 grow text-small">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold break-words">{name}</span>
          <span className={`text-caption ${className}`}>{word}</span>
          <code className="font-mono text-caption text-soft">
            <span className="sr-only">ends in </span>
            <span aria-hidden="true">pnl_…</span>
            {hint}
          </code>
        </p>
        <p className="mt-0.5 break-words">
          {actionsWords(actions)} {accountsWords(connectionIds, accounts)}.
        </p>
        <p className="mt-0.5 text-caption text-soft">
          {revokedAt === null ? (
            <span title={expiresAt === null ? undefined : exactWords(Date.parse(expiresAt))}>
              {capitalized(lifetimeWords(apiKey, now))}
            </span>
          ) : (
            <>
              Revoked <Instant at={revokedAt} now={now} isPast />
            </>
          )}
          <span aria-hidden="true"> · </span>
          <span className="sr-only">, </span>
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              last used <Instant at={lastUsedAt} now={now} isPast />
            </>
          )}
        </p>
        {allowedAddresses !== null && (
          <p className="mt-0.5 text-caption break-words text-soft">
            Only from <span className="font-mono">{allowedAddresses.join(", ")}</span>
          </p>
        )}
      </div>
      {revokedAt === null && <RevokeKey apiKey={apiKey} afterwards={afterwards} />}
    </li>
  );
}

function RevokeKey({ apiKey: { id, name }, afterwards }: Pick<RowProps, "apiKey" | "afterwards">) {
  const utils = trpc.useUtils();
  const revoke = trpc.keys.revoke.useMutation({ onSuccess: () => void utils.keys.list.invalidate() });
  return (
    <ConfirmDialog
      trigger="Revoke"
      triggerLabel={`Revoke ${name}`}
      triggerClass={`${buttonClass("quiet")} -mr-2 -mt-2.5 shrink-0 self-start`}
      title={<>Revoke “{name}”?</>}
      keepWords="Keep it"
      confirmWords="Revoke key"
      change={revoke}
      onConfirm={() => revoke.mutate({ id })}
      afterwards={afterwards}
    >
      <p>
        Programs that use it are refused at once and for good. The tokens they have taken already stay good
        until their own end.
      </p>
    </ConfirmDialog>
  );
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
