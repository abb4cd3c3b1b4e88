import { Link } from "@tanstack/react-router";
import { Settings } from "lucide-react";

import { buttonClass } from "../../components/button.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

/** What somebody who is signed in finds in the header. */
export function PersonMenu({ onSignedOut }: { onSignedOut: () => void }) {
  return (
    <div className="flex items-center">
      <Link to="/settings" className={`${buttonClass("quiet")} aria-[current=page]:text-ink`}>
        <Settings className="size-4" aria-hidden="true" />
        <span className="max-sm:sr-only">Settings</span>
      </Link>
      <SignOutButton onSignedOut={onSignedOut} />
    </div>
  );
}
