import { useEffect, useRef, type ReactNode } from "react";
import { KeyRound } from "lucide-react";

import { Button } from "./button.tsx";

type Props = {
  title: string;
  /** What to do with it, and that this is the only time. */
  children: ReactNode;
  /** It was taken along: it is forgotten. */
  onKept: () => void;
};

/** A secret that is shown this once. Takes the focus, so that nobody misses it. */
export function ShownOnce({ title, children, onKept }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="flex flex-col gap-5 rounded-large border border-evergreen bg-evergreen-wash p-4 sm:p-6">
      <h3
        ref={heading}
        tabIndex={-1}
        className="flex items-center gap-3 font-semibold break-words focus:outline-none"
      >
        <KeyRound className="size-5 shrink-0 text-evergreen" aria-hidden="true" />
        <span className="min-w-0">{title}</span>
      </h3>
      {children}
      <div>
        <Button tone="primary" onClick={onKept}>
          I have kept it
        </Button>
      </div>
    </div>
  );
}
