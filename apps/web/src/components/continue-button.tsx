import type { ApiError, Flavour } from "../lib/trpc.ts";
import { useBeginSignIn } from "../lib/use-begin-sign-in.ts";
import { Button, type ButtonTone } from "./button.tsx";
import { ActionProblem } from "./problem.tsx";

const NAMES: Record<Flavour, string> = { instagram: "Instagram", facebook: "Facebook" };

type Props = {
  flavour: Flavour;
  tone?: ButtonTone;
  /** Has Instagram ask which account, even when the person is signed in there. */
  forceReauth?: boolean;
};

/** Sends the person to Instagram or Facebook to sign in. */
export function ContinueButton({ flavour, tone = "primary", forceReauth = false }: Props) {
  const { start, isLeaving, error } = useBeginSignIn();
  const onContinue = (): void => start({ flavour, forceReauth });
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
  const Glyph = flavour === "instagram" ? InstagramGlyph : FacebookGlyph;
  return (
    <div className="flex w-full flex-col items-start gap-3 sm:w-auto">
      <Button tone={tone} size="large" isWide isBusy={isLeaving} onClick={onContinue}>
        <Glyph />
        Continue with {NAMES[flavour]}
      </Button>
      <output className={isLeaving ? "text-small text-soft" : "sr-only"}>
        {isLeaving ? `Opening ${NAMES[flavour]}` : ""}
      </output>
      <ActionProblem error={error} />
    </div>
  );
}

/** Instagram's glyph in one colour. */
function InstagramGlyph() {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-5.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <rect x="2.5" y="2.5" width="19" height="19" rx="5.5" />
      <circle cx="12" cy="12" r="4.6" />
      <circle cx="17.4" cy="6.6" r="1.35" fill="currentColor" stroke="none" />
    </svg>
  );
}

/** Facebook's glyph in one colour. */
function FacebookGlyph() {
  return (
    <svg viewBox="0 0 24 24" className="size-5.5" fill="currentColor" aria-hidden="true">
      <path d="M22 12a10 10 0 1 0-11.6 9.9v-7H7.9V12h2.5V9.8c0-2.5 1.5-3.9 3.8-3.9 1.1 0 2.2.2 2.2.2v2.5h-1.2c-1.2 0-1.6.8-1.6 1.6V12h2.7l-.4 2.9h-2.3v7A10 10 0 0 0 22 12Z" />
    </svg>
  );
}
