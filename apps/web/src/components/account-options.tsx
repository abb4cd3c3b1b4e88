import { useId } from "react";

import { AccountPicture } from "./account-picture.tsx";
import { Checkbox, optionClass } from "./checkbox.tsx";

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
  const frame = isDisabled ? "border border-hairline bg-sunken" : optionClass(isPicked);
  return (
    <li>
      <label htmlFor={`${id}-box`} className={`flex items-center gap-4 rounded-large p-4 ${frame}`}>
        <Checkbox
          id={`${id}-box`}
          aria-labelledby={`${id}-name`}
          aria-describedby={`${id}-about`}
          checked={isPicked}
          disabled={isDisabled}
          onChange={onToggle}
        />
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
