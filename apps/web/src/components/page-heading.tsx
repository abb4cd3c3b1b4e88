import { useRouterState } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";

/** The page whose heading has been announced; the first one is announced by the browser itself. */
let announcedPath: string | null = null;
/** A heading that had the focus gave way to another one of the same page. */
let isFocusPassedOn = false;

type Props = {
  /** The title of the document, without the name of the product. */
  title: string;
  className?: string;
  children: ReactNode;
};

/** The heading of a page. After a navigation it takes the focus, so that screen readers begin here. */
export function PageHeading({ title, className, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The resolved address: while a page is on its way, the old one still stands.
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? null });

  useEffect(() => {
    document.title = `${title} · Perennial`;
  }, [title]);

  useEffect(() => {
    const isElsewhere = path !== null && announcedPath !== null && announcedPath !== path;
    if (isElsewhere || isFocusPassedOn) heading.current?.focus({ preventScroll: true });
    isFocusPassedOn = false;
    announcedPath = path ?? announcedPath;
  }, [path]);

  useLayoutEffect(() => {
    const element = heading.current;
    return () => {
      if (document.activeElement === element) isFocusPassedOn = true;
    };
  }, []);

  return (
    <h1 ref={heading} tabIndex={-1} className={className ?? "text-title"}>
      {children}
    </h1>
  );
}
