import { useState } from "react";

import { CopyText } from "../../components/copy-text.tsx";
import { Choice } from "../../components/choice.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
import type { CreatedKey } from "../../lib/trpc.ts";
import { curlLine } from "./key-words.ts";

type Account = { id: string; username: string };

type Props = { made: CreatedKey; accounts: readonly Account[]; onKept: () => void };

/** A key this once, and the line that proves it works. */
export function NewKey({ made: { key, secret }, accounts, onKept }: Props) {
  const { connectionIds, actions, name } = key;
  const reached = accounts.filter(({ id }) => connectionIds === null || connectionIds.includes(id));
  const [chosenId, setChosenId] = useState(reached[0]?.id ?? null);
  const line = curlLine({ origin: location.origin, secret, actions, connectionId: chosenId });
  return (
    <ShownOnce title={`The key “${name}” is made`} onKept={onKept}>
      <div className="flex flex-col gap-3">
        <p className="text-small">
          Copy it now and keep it where your program reads its secrets. It is shown this once and kept
          nowhere: a lost key is revoked, and another one made.
        </p>
        <CopyText name="the key" text={secret} />
      </div>
      <div className="flex flex-col gap-3">
        <p className="text-small">To see it work, paste this line into a terminal.</p>
        {reached.length > 1 && chosenId !== null && (
          <Choice
            legend="Account"
            options={reached.map(({ id, username }) => ({ value: id, label: `@${username}` }))}
            value={chosenId}
            onChange={setChosenId}
          />
        )}
        <CopyText name="the line" text={line} />
      </div>
    </ShownOnce>
  );
}
