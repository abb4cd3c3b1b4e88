import { useId, useState } from "react";

import { AccountOptions, type AccountOption } from "../../components/account-options.tsx";
import { Button } from "../../components/button.tsx";
import { Checkbox, optionClass } from "../../components/checkbox.tsx";
import { Choice } from "../../components/choice.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { TextField } from "../../components/text-field.tsx";
import type { ApiError, Connection, KeyAction, KeySettings } from "../../lib/trpc.ts";
import { useFocusOnArrival } from "../../lib/use-focus-on-arrival.ts";
import { ACTIONS, LIFETIMES, addressesIn, endOf, type KeyLifetime } from "./key-words.ts";

type Account = Pick<Connection, "id" | "username" | "pictureUrl" | "name">;

type Props = {
  accounts: readonly Account[];
  isBusy: boolean;
  error: ApiError | null;
  onMake: (settings: KeySettings) => void;
  onCancel: () => void;
};

/** What a new key is called and what it may do. */
export function MakeKey({ accounts, isBusy, error, onMake, onCancel }: Props) {
  const form = useFocusOnArrival<HTMLFormElement>("input");
  const [name, setName] = useState("");
  const [actions, setActions] = useState<ReadonlySet<KeyAction>>(new Set(["token"]));
  const [reach, setReach] = useState<"all" | "chosen">("all");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [lifetime, setLifetime] = useState<KeyLifetime>("90");
  const [addresses, setAddresses] = useState("");
  const [isTried, setIsTried] = useState(false);

  const problems = {
    name: name.trim() === "" ? "Give it a name by which you know it again." : null,
    actions: actions.size === 0 ? "Tick at least one thing it may do." : null,
    accounts: reach === "chosen" && picked.size === 0 ? "Tick at least one account." : null,
  };
  const shown = (problem: string | null): string | null => (isTried ? problem : null);
  const submit = (): void => {
    setIsTried(true);
    if (Object.values(problems).some((problem) => problem !== null)) {
      if (problems.name !== null) form.current?.querySelector("input")?.focus();
      return;
    }
    onMake({
      name: name.trim(),
      actions: [...actions],
      connectionIds: reach === "all" ? null : [...picked],
      expiresAt: endOf(lifetime, Date.now()),
      allowedAddresses: addressesIn(addresses),
    });
  };
  return (
    <form
      ref={form}
      aria-label="New API key"
      autoComplete="off"
      noValidate
      className="flex flex-col gap-6 rounded-large border border-hairline p-4 sm:p-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) submit();
      }}
    >
      <TextField
        label="Name"
        hint="Who will use it, such as “website, production”."
        maxLength={80}
        value={name}
        problem={shown(problems.name)}
        onChange={(event) => setName(event.target.value)}
      />
      <Actions picked={actions} onChange={setActions} problem={shown(problems.actions)} />
      <div className="flex flex-col gap-3">
        <Choice
          legend="For which accounts"
          options={[
            { value: "all", label: "All, later ones too" },
            { value: "chosen", label: "Chosen ones" },
          ]}
          value={reach}
          onChange={setReach}
        />
        {reach === "chosen" && (
          <AccountOptions
            legend="Accounts"
            options={accounts.map(accountOption)}
            picked={picked}
            onChange={setPicked}
          />
        )}
        <output className="block text-caption text-clay empty:hidden">{shown(problems.accounts)}</output>
      </div>
      <Choice legend="Good for" options={LIFETIMES} value={lifetime} onChange={setLifetime} />
      <details>
        <summary className="cursor-pointer py-1 text-small font-semibold text-soft hover:text-ink">
          Only from certain addresses
        </summary>
        <div className="pt-3">
          <TextField
            label="Addresses"
            hint="Such as 192.0.2.7 or 192.0.2.0/24, with commas between. Empty means anywhere."
            isCode
            value={addresses}
            onChange={(event) => setAddresses(event.target.value)}
          />
        </div>
      </details>
      <ActionProblem error={error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" isBusy={isBusy}>
          Make the key
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

type ActionsProps = {
  picked: ReadonlySet<KeyAction>;
  onChange: (picked: ReadonlySet<KeyAction>) => void;
  problem: string | null;
};

function Actions({ picked, onChange, problem }: ActionsProps) {
  const id = useId();
  const toggle = (action: KeyAction): void => {
    const next = new Set(picked);
    if (!next.delete(action)) next.add(action);
    onChange(next);
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-small font-semibold">What it may do</legend>
      <ul className="flex flex-col gap-2">
        {ACTIONS.map(({ action, name, meaning }) => (
          <li key={action}>
            <label
              htmlFor={`${id}-${action}-box`}
              className={`flex gap-3 rounded-medium p-3 ${optionClass(picked.has(action))}`}
            >
              <Checkbox
                id={`${id}-${action}-box`}
                aria-labelledby={`${id}-${action}`}
                aria-describedby={`${id}-${action}-meaning`}
                checked={picked.has(action)}
                onChange={() => toggle(action)}
              />
              <span className="min-w-0 text-small">
                <span id={`${id}-${action}`} className="block font-semibold">
                  {name}
                </span>
                <span id={`${id}-${action}-meaning`} className="block text-soft">
                  {meaning}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <output className="mt-2 block text-caption text-clay empty:hidden">{problem}</output>
    </fieldset>
  );
}

function accountOption({ id, username, pictureUrl, name }: Account): AccountOption {
  return { accountId: id, username, pictureUrl, details: name ?? "", note: null, isDisabled: false };
}
