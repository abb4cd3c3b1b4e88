import { Menu } from "@base-ui/react/menu";
import { ChevronDown, Plus } from "lucide-react";

import { Button, buttonClass } from "../../components/button.tsx";
import { LoginGlyph } from "../../components/login-glyph.tsx";
import { ActionProblem } from "../../components/problem.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import { trpc, type Flavour } from "../../lib/trpc.ts";
import { useBeginSignIn } from "../../lib/use-begin-sign-in.ts";

const NAME = "Add an account";

/** Adds an account. With both logins set up the person chooses; Instagram asks which account in any case. */
export function AddAccount() {
  const session = trpc.auth.session.useQuery();
  const { start, isLeaving, error } = useBeginSignIn();
  const flavours: readonly Flavour[] = session.data?.flavours ?? [];
  const begin = (flavour: Flavour): void => start({ flavour, forceReauth: flavour === "instagram" });
  const [only] = flavours;
  return (
    <div className="flex flex-col items-start gap-2 sm:items-end">
      {flavours.length > 1 ? (
        <LoginMenu flavours={flavours} isLeaving={isLeaving} onChosen={begin} />
      ) : (
        <Button
          tone="secondary"
          isBusy={isLeaving || only === undefined}
          onClick={() => only !== undefined && begin(only)}
        >
          <Plus className="size-4" aria-hidden="true" />
          {NAME}
        </Button>
      )}
      <ActionProblem error={error} />
    </div>
  );
}

type MenuProps = {
  flavours: readonly Flavour[];
  isLeaving: boolean;
  onChosen: (flavour: Flavour) => void;
};

function LoginMenu({ flavours, isLeaving, onChosen }: MenuProps) {
  return (
    <Menu.Root modal={false} disabled={isLeaving}>
      <Menu.Trigger className={buttonClass("secondary")}>
        <Plus className="size-4" aria-hidden="true" />
        {NAME}
        <ChevronDown className="size-4" aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-30">
          <Menu.Popup className="min-w-64 rounded-medium border border-hairline bg-raised p-1.5 shadow-raised focus-visible:outline-none">
            {flavours.map((flavour) => (
              <Menu.Item
                key={flavour}
                className="flex min-h-11 cursor-pointer items-center gap-3 rounded-small px-3 text-small font-semibold select-none focus-visible:outline-none data-highlighted:bg-evergreen-wash"
                onClick={() => onChosen(flavour)}
              >
                <LoginGlyph flavour={flavour} className="size-5" />
                Continue with {COMPANIES[flavour]}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
