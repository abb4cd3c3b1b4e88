import { Link } from "@tanstack/react-router";

import { buttonClass } from "../../components/button.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { useFocusOnArrival } from "../../lib/use-focus-on-arrival.ts";

/** Where somebody is who has erased everything: it is done, and nothing is asked of them. */
export function Erased() {
  // What had the focus is gone, and the address is the same.
  const page = useFocusOnArrival<HTMLDivElement>("h1");
  return (
    <div ref={page} className="flex max-w-prose flex-col items-start gap-5 pt-6 sm:pt-14">
      <PageHeading title="Erased">Everything about you is erased.</PageHeading>
      <p className="text-soft">
        You are signed out everywhere, and nothing is renewed any more. Nothing on Instagram was changed: to
        end tokens that programs still hold, remove the app there, under Settings, then Apps and websites.
      </p>
      <p className="text-soft">You can begin anew whenever you like.</p>
      <Link to="/" className={buttonClass("secondary")}>
        Back to the start
      </Link>
    </div>
  );
}
