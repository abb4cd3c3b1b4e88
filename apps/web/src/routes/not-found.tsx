import { Link } from "@tanstack/react-router";

import { buttonClass } from "../components/button.tsx";
import { PageHeading } from "../components/page-heading.tsx";

/** An address where nothing stands. */
export function NotFoundPage() {
  return (
    <div className="flex max-w-prose flex-col items-start gap-6 pt-4 sm:pt-10">
      <div>
        <PageHeading title="Nothing at this address">Nothing at this address</PageHeading>
        <p className="mt-2 text-soft">The page may have moved, or the address was cut short.</p>
      </div>
      <Link to="/" className={buttonClass("primary")}>
        Go to the start
      </Link>
    </div>
  );
}
