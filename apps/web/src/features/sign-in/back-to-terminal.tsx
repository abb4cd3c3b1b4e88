import { Check, Copy } from "lucide-react";
import { useState } from "react";

import { Button } from "../../components/button.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { addressForTerminal, type ArrivedCallback } from "./arrived-callback.ts";

/** A sign-in that was begun at a terminal: there is nothing in it for a browser but the address to bring back. */
export function BackToTerminal({ arrived }: { arrived: ArrivedCallback }) {
  const address = addressForTerminal(window.location.origin, arrived);
  const [isCopied, setIsCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address);
    setIsCopied(true);
  };
  return (
    <>
      <div>
        <PageHeading title="Back to the terminal">Back to the terminal</PageHeading>
        <p className="mt-2 text-soft">
          This sign-in was begun with <code>perennial auth-url</code>. Paste this address where{" "}
          <code>perennial authenticate</code> asks for it, within ten minutes. Nothing was stored yet.
        </p>
      </div>
      <label className="flex flex-col gap-2 text-small font-semibold">
        The address
        <textarea
          readOnly
          rows={4}
          value={address}
          onFocus={(event) => event.target.select()}
          className="rounded-medium border border-hairline bg-raised p-3 font-mono text-small font-normal break-all"
        />
      </label>
      <div>
        <Button tone="primary" onClick={() => void copy().catch(() => setIsCopied(false))}>
          {isCopied ? (
            <Check className="size-4" aria-hidden="true" />
          ) : (
            <Copy className="size-4" aria-hidden="true" />
          )}
          {isCopied ? "Copied" : "Copy the address"}
        </Button>
        <span className="sr-only" aria-live="polite">
          {isCopied ? "The address was copied." : ""}
        </span>
      </div>
    </>
  );
}
