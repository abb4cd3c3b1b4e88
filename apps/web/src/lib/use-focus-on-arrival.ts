import { useEffect, useRef, type RefObject } from "react";

/** Gives the focus to a part of what has just come because somebody asked for it: a selector's first match; null for none. */
export function useFocusOnArrival<Around extends HTMLElement>(
  selector: string | null,
): RefObject<Around | null> {
  const around = useRef<Around>(null);
  useEffect(() => {
    if (selector !== null) around.current?.querySelector<HTMLElement>(selector)?.focus();
  }, [selector]);
  return around;
}
