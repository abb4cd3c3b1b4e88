import { Link } from "@tanstack/react-router";

import { buttonClass } from "../components/button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { PAGE_FAULTS } from "../lib/page-faults.ts";

/** An address where nothing stands. */
export function NotFoundPage() {
  const { message, cure } = PAGE_FAULTS.missing;
  return (
    <div className="flex max-w-prose flex-col items-start gap-6 pt-4 sm:pt-10">
      <div>
        <PageHeading title={message}>{message}</PageHeading>
        <p className="mt-2 text-soft">{cure}</p>
      </div>
      <Link to="/" className={buttonClass("primary")}>
        Go to the start
      </Link>
    </div>
  );
}
