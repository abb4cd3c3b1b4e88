import { Link } from "@tanstack/react-router";

import { CopyLine } from "../../components/copy-line.tsx";

/** Somebody who does not run this site, or has not said so yet: how those who do get in. */
export function OperatorsOnly({ userId }: { userId: string | null }) {
  return (
    <div className="flex max-w-prose flex-col gap-4">
      <p className="text-soft">
        This page is for whoever runs this site. On its machine{" "}
        <code className="font-mono text-small">npx pnpm@12 perennial doctor</code> says the same.
      </p>
      {userId === null ? (
        <p className="text-soft">
          If that is you,{" "}
          <Link to="/" className="text-ink underline underline-offset-4">
            sign in
          </Link>{" "}
          first; who is named in OPERATORS sees it here.
        </p>
      ) : (
        <>
          <p className="text-soft">If that is you, name yourself in its settings, and start it again:</p>
          <CopyLine text={`OPERATORS=${userId}`} />
        </>
      )}
    </div>
  );
}
