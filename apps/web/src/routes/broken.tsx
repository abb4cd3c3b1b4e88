import { Button } from "../components/button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { PAGE_FAULTS } from "../lib/page-faults.ts";

/** A page that could not be drawn, most often because a newer version was put in place meanwhile. */
export function BrokenPage() {
  const { message } = PAGE_FAULTS.broken;
  const { cure } = navigator.onLine ? PAGE_FAULTS.broken : PAGE_FAULTS.offline;
  return (
    <div role="alert" className="flex max-w-prose flex-col items-start gap-6 pt-4 sm:pt-10">
      <div>
        <PageHeading title={message}>{message}</PageHeading>
        <p className="mt-2 text-soft">{cure}</p>
      </div>
      <Button tone="primary" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </div>
  );
}
