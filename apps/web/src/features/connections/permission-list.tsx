import { Check, Minus, TriangleAlert, type LucideIcon } from "lucide-react";
import { Fragment } from "react";

import { COMPANIES } from "../../lib/flavours.ts";
import type { Connection } from "../../lib/trpc.ts";
import { AskAgain } from "./ask-again.tsx";
import { describePermissions, type Permission } from "./permissions.ts";

const LOOKS: Record<Permission["status"], { word: string; icon: LucideIcon; colour: string }> = {
  granted: { word: "Granted", icon: Check, colour: "text-evergreen" },
  missing: { word: "Missing", icon: TriangleAlert, colour: "text-amber" },
  not_asked: { word: "Not asked for", icon: Minus, colour: "text-slate" },
};

/** What the person allowed, with what each permission is for, what does not work without, and the way to it. */
export function PermissionList({ connection }: { connection: Connection }) {
  const { flavour, permissions, missingScopes } = connection;
  if (permissions === null) {
    return (
      <p className="text-small text-soft">{COMPANIES[flavour]} did not say which permissions were granted.</p>
    );
  }
  return (
    <div className="flex flex-col gap-5">
      {missingScopes.length > 0 && <AskAgain connection={connection} />}
      <ul aria-label="Permissions" className="flex flex-col divide-y divide-hairline">
        {describePermissions({ flavour, permissions, missingScopes }).map((permission) => (
          <Line key={permission.scope} permission={permission} />
        ))}
      </ul>
    </div>
  );
}

function Line({ permission: { scope, purpose, status } }: { permission: Permission }) {
  const { word, icon: Icon, colour } = LOOKS[status];
  return (
    <li className="flex gap-3 py-3 text-small first:pt-0 last:pb-0">
      <Icon className={`mt-0.5 size-5 shrink-0 ${colour}`} aria-hidden="true" />
      <div className="min-w-0 grow">
        <p>
          {status === "missing" && "Does not work: "}
          {purpose}
        </p>
        <p className="font-mono text-caption text-soft">
          <ScopeName scope={scope} />
        </p>
      </div>
      <p className={`shrink-0 text-caption ${colour}`}>{word}</p>
    </li>
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
