import { Check } from "lucide-react";
import type { ComponentProps } from "react";

type Props = Omit<ComponentProps<"input">, "type" | "className">;

/** A box to tick. Whatever surrounds it shows the focus. */
export function Checkbox(props: Props) {
  return (
    <span className="relative grid size-6 shrink-0 place-items-center">
      <input
        {...props}
        type="checkbox"
        className="peer size-6 appearance-none rounded-small border-2 border-outline bg-paper checked:border-evergreen checked:bg-evergreen focus-visible:outline-none disabled:border-hairline"
      />
      <Check
        className="pointer-events-none absolute size-4 text-on-evergreen opacity-0 peer-checked:opacity-100"
        strokeWidth={3}
        aria-hidden="true"
      />
    </span>
  );
}

/** The classes of the row that is a box's or a radio's label. */
export function optionClass(isPicked: boolean): string {
  return (
    "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-evergreen " +
    `cursor-pointer border bg-raised ${isPicked ? "border-evergreen" : "border-hairline hover:border-outline"}`
  );
}
