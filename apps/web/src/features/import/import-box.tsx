import { useId, useRef, useState, type RefObject } from "react";

import { AccountOptions } from "../../components/account-options.tsx";
import { Button } from "../../components/button.tsx";
import { ImportedList } from "./imported-list.tsx";
import { ImportRefusal, RefusalDetails } from "./import-refusal.tsx";
import { reachedOption, textProblem, type ReachedAccount } from "./import-words.ts";
import { useImport } from "./use-import.ts";

type Props = {
  /** The connection it is meant for, with the name of its account; null for any. */
  target: { id: string; username: string } | null;
  now: number;
};

/** Takes a token in whatever it was copied with. The text lives in the field alone, and leaves it once kept. */
export function ImportBox({ target, now }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const clear = (): void => {
    if (field.current !== null) field.current.value = "";
  };
  const { state, send, reset } = useImport(clear);
  const [problem, setProblem] = useState<string | null>(null);
  const result = state.kind === "done" ? state.result : null;
  const isChoosing = result?.kind === "choose";

  const submit = (accountIds: string[] | null): void => {
    const text = field.current?.value ?? "";
    const found = textProblem(text);
    setProblem(found);
    if (found === null) send({ text, id: target?.id ?? null, accountIds });
    else field.current?.focus();
  };

  return (
    <div className="flex flex-col gap-6">
      <form
        className="flex flex-col items-start gap-3"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          submit(null);
        }}
      >
        <label htmlFor={id} className="font-semibold">
          {target === null ? (
            "Token"
          ) : (
            <>
              Token of @<bdi>{target.username}</bdi>
            </>
          )}
        </label>
        <PasteField
          id={id}
          field={field}
          isLocked={isChoosing || state.kind === "running"}
          hasProblem={problem !== null}
        />
        <p id={`${id}-hint`} className="max-w-prose text-small text-soft">
          Paste the token itself, a line of a .env file, JSON, a URL or a curl command. It is sent once to
          this site’s own server, sealed there, and never shown again.
        </p>
        <output id={`${id}-problem`} className="block text-small text-clay empty:hidden">
          {problem}
        </output>
        {!isChoosing && (
          <Button type="submit" tone="primary" isBusy={state.kind === "running"}>
            Import
          </Button>
        )}
      </form>
      {result?.kind === "choose" && (
        <ReachedAccounts
          accounts={result.accounts}
          onChosen={submit}
          onCancel={() => {
            clear();
            reset();
            field.current?.focus();
          }}
        />
      )}
      {/* There before it says anything, so that screen readers hear it come. */}
      <output className="block empty:hidden" aria-live="polite">
        {state.kind === "running" && <span className="text-small text-soft">Asking whose token it is.</span>}
        {state.kind === "refused" && <ImportRefusal error={state.error} />}
        {result?.kind === "imported" && <ImportedList connections={result.connections} now={now} />}
      </output>
      {state.kind === "refused" && <RefusalDetails error={state.error} />}
    </div>
  );
}

type FieldProps = {
  id: string;
  field: RefObject<HTMLTextAreaElement | null>;
  isLocked: boolean;
  hasProblem: boolean;
};

/** Nothing that browsers do with texts is wanted here: they keep, complete and send them. */
function PasteField({ id, field, isLocked, hasProblem }: FieldProps) {
  return (
    <textarea
      ref={field}
      id={id}
      rows={5}
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="none"
      spellCheck={false}
      data-1p-ignore=""
      data-lpignore="true"
      translate="no"
      readOnly={isLocked}
      aria-invalid={hasProblem}
      aria-describedby={`${id}-hint ${id}-problem`}
      className="w-full rounded-medium border border-outline bg-raised px-3 py-2 font-mono text-small break-all read-only:bg-sunken read-only:text-soft focus-visible:outline-offset-0"
    />
  );
}

type ReachedProps = {
  accounts: readonly ReachedAccount[];
  onChosen: (accountIds: string[]) => void;
  onCancel: () => void;
};

function ReachedAccounts({ accounts, onChosen, onCancel }: ReachedProps) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [isAskedForOne, setIsAskedForOne] = useState(false);
  return (
    <div className="flex flex-col items-start gap-4">
      <output className="block">
        This token reaches several accounts. Nothing was kept yet: choose which to connect.
      </output>
      <div className="w-full">
        <AccountOptions
          legend="Accounts this token reaches"
          options={accounts.map(reachedOption)}
          picked={picked}
          onChange={setPicked}
        />
      </div>
      <output className="text-small text-amber empty:hidden">
        {isAskedForOne && picked.size === 0 && "Tick at least one account."}
      </output>
      <div className="flex flex-wrap gap-2">
        <Button
          tone="primary"
          onClick={() => {
            setIsAskedForOne(true);
            if (picked.size > 0) onChosen([...picked]);
          }}
        >
          Import chosen accounts
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          Start over
        </Button>
      </div>
    </div>
  );
}
