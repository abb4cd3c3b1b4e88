/** The mark of Perennial: a closed ring that is also a leaf. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
      aria-hidden="true"
    >
      <path d="M20 4v9a9 9 0 1 1-9-9z" />
      <path d="M10.5 13.5 15 9" />
    </svg>
  );
}
