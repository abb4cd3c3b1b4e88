import { COMPANIES } from "../lib/flavours.ts";
import type { ApiError, Flavour } from "../lib/trpc.ts";
import { useBeginSignIn, type BeginSignIn } from "../lib/use-begin-sign-in.ts";
import { Button, type ButtonTone } from "./button.tsx";
import { LoginGlyph } from "./login-glyph.tsx";
import { ActionProblem } from "./problem.tsx";

type Props = Pick<BeginSignIn, "forceReauth" | "rerequest"> & { flavour: Flavour; tone?: ButtonTone };

/** Sends the person to Instagram or Facebook to sign in. */
export function ContinueButton({ flavour, tone = "primary", forceReauth = false, rerequest = false }: Props) {
  const { start, isLeaving, error } = useBeginSignIn();
  const onContinue = (): void => start({ flavour, forceReauth, rerequest });
  return <ContinueControl {...{ flavour, tone, isLeaving, error, onContinue }} />;
}

type ControlProps = {
  flavour: Flavour;
  tone?: ButtonTone;
  isLeaving: boolean;
  error: ApiError | null;
  onContinue: () => void;
};

/** The button itself, for who begins the sign-in themselves. One colour, their glyph, their wording. */
export function ContinueControl({ flavour, tone = "primary", isLeaving, error, onContinue }: ControlProps) {
  const company = COMPANIES[flavour];
  return (
    <div className="flex w-full flex-col items-start gap-3 sm:w-auto">
      <Button tone={tone} size="large" isWide isBusy={isLeaving} onClick={onContinue}>
        <LoginGlyph flavour={flavour} className="size-5.5" />
        Continue with {company}
      </Button>
      <output className={isLeaving ? "text-small text-soft" : "sr-only"}>
        {isLeaving ? `Opening ${company}` : ""}
      </output>
      <ActionProblem error={error} />
    </div>
  );
}
