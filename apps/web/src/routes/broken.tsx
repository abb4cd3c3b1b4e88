import { Button } from "../components/button.tsx";
import { PageHeading } from "../components/page-heading.tsx";

/** A page that could not be drawn, most often because a newer version was put in place meanwhile. */
export function BrokenPage() {
  return (
    <div role="alert" className="flex max-w-prose flex-col items-start gap-6 pt-4 sm:pt-10">
      <div>
        <PageHeading title="This page could not be shown">This page could not be shown</PageHeading>
        <p className="mt-2 text-soft">
          Most often a newer version has been put in place. Your connections are not touched by this.
        </p>
      </div>
      <Button tone="primary" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </div>
  );
}
