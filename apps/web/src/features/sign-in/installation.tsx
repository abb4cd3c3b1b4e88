import { Link } from "@tanstack/react-router";
import { FlaskConical, KeyRound } from "lucide-react";

import type { Flavour } from "../../lib/trpc.ts";

type Props = { flavours: readonly Flavour[]; isSimulated: boolean; mayOperate: boolean };

const LINK = "underline underline-offset-4";

/** For developers: what this installation talks to, and where the way to the real thing is described. */
export function Installation({ flavours, isSimulated, mayOperate }: Props) {
  const Icon = isSimulated ? FlaskConical : KeyRound;
  return (
    <section aria-labelledby="installation" className="border-t border-hairline pt-6">
      <h2 id="installation" className="text-small font-semibold">
        For developers: this installation
      </h2>
      <dl className="mt-4 grid gap-x-10 gap-y-5 text-small sm:grid-cols-3">
        <div>
          <dt className="flex items-center gap-2 text-soft">
            <Icon className="size-4" aria-hidden="true" />
            Instagram
          </dt>
          <dd className="mt-1">
            {isSimulated
              ? "Played by the simulator on this machine. No Meta app is needed."
              : "A real Meta app."}
          </dd>
        </div>
        <div>
          <dt className="text-soft">Ways to sign in</dt>
          <dd className="mt-1">Instagram Login is {setUpWords(flavours, "instagram")}</dd>
          <dd>Facebook Login is {setUpWords(flavours, "facebook")}</dd>
        </div>
        <div>
          <dt className="text-soft">Where to go on</dt>
          <dd className="mt-1">
            <Link to="/going-live" className={LINK}>
              Set-up guide
            </Link>{" "}
            for a real app
          </dd>
          {mayOperate && (
            <dd>
              <Link to="/diagnostics" className={LINK}>
                Diagnostics
              </Link>
              : what is wrong, and what helps
            </dd>
          )}
        </div>
      </dl>
    </section>
  );
}

function setUpWords(flavours: readonly Flavour[], flavour: Flavour): string {
  return flavours.includes(flavour) ? "set up." : "not set up.";
}
