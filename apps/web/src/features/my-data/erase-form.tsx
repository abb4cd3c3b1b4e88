import { useState } from "react";

import { Button } from "../../components/button.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { TextField } from "../../components/text-field.tsx";
import { trpc } from "../../lib/trpc.ts";
import { useFocusOnArrival } from "../../lib/use-focus-on-arrival.ts";

type Props = { onErased: () => void; onKeep: () => void };

/** What happens, said plainly, and the name that says that it is meant. */
export function EraseForm({ onErased, onKeep }: Props) {
  const form = useFocusOnArrival<HTMLFormElement>("input");
  const [typed, setTyped] = useState("");
  const [isTried, setIsTried] = useState(false);
  const accounts = trpc.connections.list.useQuery().data?.connections ?? [];
  const erase = trpc.account.erase.useMutation({ onSuccess: onErased });
  const isEmpty = typed.trim() === "";
  const example = accounts[0]?.username;
  return (
    <form
      ref={form}
      aria-label="Erase everything"
      autoComplete="off"
      noValidate
      className="flex flex-col gap-5 rounded-large border border-hairline p-4 sm:p-6"
      onSubmit={(event) => {
        event.preventDefault();
        setIsTried(true);
        if (isEmpty) form.current?.querySelector("input")?.focus();
        else if (!erase.isPending) erase.mutate({ typed });
      }}
    >
      <ul className="flex list-disc flex-col gap-2 pl-5 text-small">
        <li>
          Your accounts with their tokens and history, your API keys, sessions and places are erased at once,
          and you are signed out everywhere. It cannot be undone.
        </li>
        <li>
          Nothing on Instagram or Facebook is changed. Tokens that programs, files or Redis were given stay
          good until their own end: to end them too, remove the app there. Webhooks are told.
        </li>
        <li>
          What remains leads to nobody: what was done, with random ids and shortened network addresses, for
          400 days; and the ids alone for good, so that no backup brings you back. Backups themselves are kept
          for as long as whoever runs this site keeps them.
        </li>
      </ul>
      <TextField
        label="Username of one of your accounts"
        hint={
          example === undefined
            ? "One that you have connected here. It says that you mean it."
            : `Such as ${example}. It says that you mean it.`
        }
        value={typed}
        maxLength={200}
        problem={isTried && isEmpty ? "Type the username first." : null}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ActionProblem error={erase.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="danger" isBusy={erase.isPending || erase.isSuccess}>
          Erase everything
        </Button>
        <Button tone="quiet" onClick={onKeep}>
          Keep it
        </Button>
      </div>
    </form>
  );
}
