import { useId } from "react";

import { optionClass } from "./checkbox.tsx";

type Props<Value extends string> = {
  legend: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
};

/** One out of a few, all of them in sight. */
export function Choice<Value extends string>({ legend, options, value, onChange }: Props<Value>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-small font-semibold">{legend}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((option) => {
          const isPicked = option.value === value;
          return (
            <label
              key={option.value}
              className={`inline-flex min-h-11 items-center gap-2.5 rounded-medium px-3.5 text-small ${optionClass(isPicked)}`}
            >
              <input
                type="radio"
                name={name}
                checked={isPicked}
                onChange={() => onChange(option.value)}
                className="size-4 accent-evergreen focus-visible:outline-none"
              />
              {option.label}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
