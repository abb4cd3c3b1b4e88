import { useId, type ComponentProps } from "react";

type Props = Omit<ComponentProps<"input">, "id" | "className"> & {
  label: string;
  /** What belongs here; null where the label says it all. */
  hint?: string | null;
  /** What is wrong with what is there. */
  problem?: string | null;
  /** For what programs read, not people. */
  isCode?: boolean;
};

/** A line to fill in. Nothing that browsers do with texts is wanted: they keep, complete and mend them. */
export function TextField({ label, hint = null, problem = null, isCode = false, ...rest }: Props) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-small font-semibold">
        {label}
      </label>
      <input
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="none"
        spellCheck={false}
        data-1p-ignore=""
        data-lpignore="true"
        {...rest}
        id={id}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-hint ${id}-problem`}
        className={`min-h-11 w-full rounded-medium border bg-raised px-3 focus-visible:outline-offset-0 ${isCode ? "font-mono text-small" : ""} ${problem === null ? "border-outline" : "border-clay"}`}
      />
      <p id={`${id}-hint`} className="text-caption text-soft empty:hidden">
        {hint}
      </p>
      <output id={`${id}-problem`} className="block text-caption text-clay empty:hidden">
        {problem}
      </output>
    </div>
  );
}
