import { LoginGlyph } from "../../components/login-glyph.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import type { Flavour } from "../../lib/trpc.ts";

/** By which login an account is reached: a small mark, and its name to screen readers and on hover. */
export function LoginMark({ flavour }: { flavour: Flavour }) {
  const name = `${COMPANIES[flavour]} Login`;
  return (
    <span className="shrink-0" title={name}>
      <LoginGlyph flavour={flavour} className="size-3.5" />
      <span className="sr-only">{name}, </span>
    </span>
  );
}
