import { createLazyRoute } from "@tanstack/react-router";

import { PageHeading } from "../components/page-heading.tsx";
import { GoingLive } from "../features/installation/guide.tsx";

export const goingLiveLazyRoute = createLazyRoute("/going-live")({ component: GoingLivePage });

/** From the simulator to accounts of real people. About nobody: nobody has to be signed in. */
function GoingLivePage() {
  return (
    <div className="flex max-w-prose flex-col gap-8">
      <div>
        <PageHeading title="Going live">Going live with a real app</PageHeading>
        <p className="mt-2 text-soft">
          From the simulator to accounts of real people, step by step. Meta accepts business and creator
          accounts only. One of the two logins is enough.
        </p>
      </div>
      <GoingLive />
    </div>
  );
}
