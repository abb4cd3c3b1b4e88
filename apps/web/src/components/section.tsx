import { useId, type ReactNode, type RefObject } from "react";

type Props = {
  title: string;
  /** Where links to this part lead; made up where none do. */
  id?: string;
  /** What it is for, under the heading. */
  intro?: ReactNode;
  /** Takes the focus when what had it goes away. */
  headingRef?: RefObject<HTMLHeadingElement | null>;
  children: ReactNode;
};

/** A part of a page under its own heading. */
export function Section({ title, id, intro, headingRef, children }: Props) {
  const madeUpId = useId();
  const headingId = id ?? madeUpId;
  return (
    <section aria-labelledby={headingId} className="flex flex-col gap-5">
      <div>
        <h2
          ref={headingRef}
          id={headingId}
          tabIndex={headingRef === undefined ? undefined : -1}
          className="scroll-mt-6 text-heading focus:outline-none"
        >
          {title}
        </h2>
        {intro !== undefined && <p className="mt-1 text-soft">{intro}</p>}
      </div>
      {children}
    </section>
  );
}
