/** A quiet shape where something will stand. Give it the size of what it stands for. */
export function Skeleton({ className }: { className: string }) {
  return <span className={`skeleton block ${className}`} aria-hidden="true" />;
}

/** Says to screen readers that a page is on its way. */
export function Loading({ what }: { what: string }) {
  return <output className="sr-only">Loading {what}</output>;
}
