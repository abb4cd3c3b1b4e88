import { PageHeading } from "../../components/page-heading.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";

/** A connection on its way, in the size of one. */
export function DetailsSkeleton() {
  return (
    <div className="flex flex-col gap-12">
      <header className="flex flex-col gap-6">
        <div className="flex items-center gap-4">
          <Skeleton className="size-16 rounded-full" />
          <div>
            <PageHeading title="Connection" className="text-title">
              <span className="sr-only">Connection</span>
              <Skeleton className="my-0.5 h-7.5 w-44" />
            </PageHeading>
            <Skeleton className="mt-1 h-4.5 w-56" />
          </div>
        </div>
        <Skeleton className="h-7 w-72 max-w-full" />
      </header>
      <Loading what="the connection" />
      <div aria-hidden="true" className="flex flex-col gap-8">
        <div className="flex h-29 items-center">
          <Skeleton className="h-1 w-full" />
        </div>
        <div className="grid grid-cols-2 gap-x-8 gap-y-6 sm:grid-cols-3">
          {[0, 1, 2].map((figure) => (
            <div key={figure} className="flex flex-col gap-2">
              <Skeleton className="h-4 w-20" />
              <Skeleton className="h-7 w-28" />
            </div>
          ))}
        </div>
        <Skeleton className="h-11 w-36 rounded-medium" />
      </div>
    </div>
  );
}
