import { Link } from "@tanstack/react-router";

import { trpc } from "../../lib/trpc.ts";

const LINK = "text-ink underline underline-offset-4";

/** Where whoever runs this site goes on from a fault of theirs. Nothing for anybody else. */
export function OperatorLinks() {
  const session = trpc.auth.session.useQuery();
  if (session.data?.mayOperate !== true) return null;
  return (
    <p className="text-small text-soft">
      <Link to="/diagnostics" className={LINK}>
        Diagnostics
      </Link>{" "}
      says what is wrong with this installation, and{" "}
      <Link to="/going-live" className={LINK}>
        the set-up guide
      </Link>{" "}
      what has to stand where.
    </p>
  );
}
