import { Button } from "../../components/button.tsx";
import { LoginGlyph } from "../../components/login-glyph.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { COMPANIES, otherFlavour } from "../../lib/flavours.ts";
import { trpc, type Connection, type Flavour } from "../../lib/trpc.ts";
import { useBeginSignIn } from "../../lib/use-begin-sign-in.ts";

/** What changes when an account is reached the other way. */
const CHANGES: Record<Flavour, string> = {
  instagram: "With Instagram Login the token renews itself, and no Facebook Page is needed.",
  facebook:
    "With Facebook Login the account is reached through its Facebook Page, and you come back every three months.",
};

/** Reaches the same account by the other login; its history goes on. Nothing where there is only one login. */
export function SwitchLogin({ connection }: { connection: Connection }) {
  const session = trpc.auth.session.useQuery();
  const { start, isLeaving, error } = useBeginSignIn();
  const { id } = connection;
  const other = otherFlavour(connection.flavour);
  if (session.data?.flavours.includes(other) !== true) return null;
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="max-w-prose text-small text-soft">
        {CHANGES[other]} Everything that reads this connection goes on as it is.
      </p>
      <Button
        tone="secondary"
        isBusy={isLeaving}
        onClick={() => start({ flavour: other, reconnectConnectionId: id, returnTo: `/connections/${id}` })}
      >
        <LoginGlyph flavour={other} className="size-4" />
        Switch to {COMPANIES[other]} Login
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
