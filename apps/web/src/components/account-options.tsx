import { Check } from "lucide-react";
import { useId } from "react";

import { AccountPicture } from "./account-picture.tsx";

/** An account that may be picked. */
export type AccountOption = {
  accountId: string;
  username: string;
  pictureUrl: string | null;
  /** What stands under the name. */
  details: string;
  /** What picking it does, or why it cannot be picked. */
  note: string | null;
  isDisabled: boolean;
};

type Props = {
  legend: string;
  options: readonly AccountOption[];
  picked: ReadonlySet<string>;
  onChange: (picked: ReadonlySet<string>) => void;
};

/** Accounts to pick from, several at once. The whole row is the box. */
export function AccountOptions({ legend, options, picked, onChange }: Props) {
  const toggle = (accountId: string): void => {
    const next = new Set(picked);
    if (!next.delete(accountId)) next.add(accountId);
    onChange(next);
  };
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{legend}</legend>
      <ul className="flex flex-col gap-3">
        {options.map((option) => (
          <Option
            key={option.accountId}
            option={option}
            isPicked={picked.has(option.accountId)}
            onToggle={() => toggle(option.accountId)}
          />
        ))}
      </ul>
    </fieldset>
  );
}

type OptionProps = { option: AccountOption; isPicked: boolean; onToggle: () => void };

function Option({ option, isPicked, onToggle }: OptionProps) {
  const id = useId();
  const { username, pictureUrl, details, note, isDisabled } = option;
  const frame = isDisabled
    ? "border-hairline bg-sunken"
    : `cursor-pointer bg-raised ${isPicked ? "border-evergreen" : "border-hairline hover:border-outline"}`;
  return (
    <li>
      <label
        className={`flex items-center gap-4 rounded-large border p-4 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-evergreen ${frame}`}
      >
        <span className="relative grid size-6 shrink-0 place-items-center">
          <input
            type="checkbox"
            aria-labelledby={`${id}-name`}
            aria-describedby={`${id}-about`}
            className="peer size-6 appearance-none rounded-small border-2 border-outline bg-paper checked:border-evergreen checked:bg-evergreen focus-visible:outline-none disabled:border-hairline"
            checked={isPicked}
            disabled={isDisabled}
            onChange={onToggle}
          />
          <Check
            className="pointer-events-none absolute size-4 text-on-evergreen opacity-0 peer-checked:opacity-100"
            strokeWidth={3}
            aria-hidden="true"
          />
        </span>
        <AccountPicture username={username} pictureUrl={pictureUrl} size="medium" />
        <span className="min-w-0 grow">
          <span id={`${id}-name`} className="block truncate font-semibold">
            @<bdi>{username}</bdi>
          </span>
          <span id={`${id}-about`} className="block text-small text-soft">
            <bdi className="line-clamp-2 break-words empty:hidden">{details}</bdi>
            {note !== null && <span className="block">{note}</span>}
          </span>
        </span>
      </label>
    </li>
  );
}
