import type { ComponentProps, ReactNode } from "react";

/** How loud a button is. One loud one per view. */
export type ButtonTone = "primary" | "secondary" | "leaving" | "quiet" | "danger";
/** How large a button is: small in bars, large where it is the one thing to do. */
export type ButtonSize = "small" | "medium" | "large";

const BASE =
  "inline-flex items-center justify-center gap-2 rounded-medium font-semibold whitespace-nowrap select-none " +
  "cursor-pointer aria-disabled:cursor-progress aria-disabled:opacity-70";

const TONES: Record<ButtonTone, string> = {
  primary: "bg-evergreen text-on-evergreen hover:bg-evergreen-deep",
  secondary: "border border-outline bg-raised text-ink hover:border-ink",
  leaving: "border border-outline bg-raised text-clay hover:border-clay",
  quiet: "text-soft hover:bg-sunken hover:text-ink",
  danger: "bg-clay text-paper hover:bg-clay-deep",
};

const SIZES: Record<ButtonSize, string> = {
  small: "min-h-8 px-1.5 text-caption sm:px-2.5",
  medium: "min-h-11 px-4 text-small",
  large: "min-h-13 px-6 text-body",
};

/** The classes of a button, for links that look like one. */
export function buttonClass(tone: ButtonTone, size: ButtonSize = "medium"): string {
  return `${BASE} ${TONES[tone]} ${SIZES[size]}`;
}

type Props = Omit<ComponentProps<"button">, "disabled" | "className"> & {
  tone: ButtonTone;
  size?: ButtonSize;
  /** Keeps its focus and its name, and does nothing. */
  isBusy?: boolean;
  /** Takes the whole width on small screens. */
  isWide?: boolean;
  children: ReactNode;
};

/** A button that stays focusable while it works. */
export function Button({ tone, size, isBusy, isWide, onClick, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={`${buttonClass(tone, size)} ${isWide === true ? "w-full sm:w-auto" : ""}`}
      aria-disabled={isBusy === true}
      onClick={(event) => {
        if (isBusy === true) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
