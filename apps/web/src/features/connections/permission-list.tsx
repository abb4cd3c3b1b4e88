import { Check, Minus } from "lucide-react";
import { Fragment } from "react";

import type { Connection } from "../../lib/trpc.ts";
import { describePermissions } from "./permissions.ts";

/** What the person allowed, with what each permission is for, and what is missing. */
export function PermissionList({ connection }: { connection: Connection }) {
  const { flavour, permissions } = connection;
  if (permissions === null) {
    return <p className="text-small text-soft">Instagram did not say which permissions were granted.</p>;
  }
  return (
    <ul aria-label="Permissions" className="flex flex-col divide-y divide-hairline">
      {describePermissions(flavour, permissions).map(({ scope, purpose, isGranted }) => (
        <li key={scope} className="flex gap-3 py-3 text-small first:pt-0 last:pb-0">
          {isGranted ? (
            <Check className="mt-0.5 size-5 shrink-0 text-evergreen" aria-hidden="true" />
          ) : (
            <Minus className="mt-0.5 size-5 shrink-0 text-slate" aria-hidden="true" />
          )}
          <div className="min-w-0 grow">
            <p>{purpose}</p>
            <p className="font-mono text-caption text-soft">
              <ScopeName scope={scope} />
            </p>
          </div>
          <p className={`shrink-0 text-caption ${isGranted ? "text-evergreen" : "text-slate"}`}>
            {isGranted ? "Granted" : "Not granted"}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** A scope may be broken after its underscores, and nowhere else. */
function ScopeName({ scope }: { scope: string }) {
  return scope.split("_").map((word, index) => (
    <Fragment key={index}>
      {index > 0 && (
        <>
          _<wbr />
        </>
      )}
      {word}
    </Fragment>
  ));
}
