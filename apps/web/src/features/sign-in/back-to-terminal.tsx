import { CopyText } from "../../components/copy-text.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { Marked } from "../../components/diagnosis/marked.tsx";
import { addressForTerminal, type ArrivedCallback } from "./arrived-callback.ts";

const LEAD =
  "This sign-in was begun with `perennial auth-url`. Bring this address to `perennial authenticate` within ten minutes. " +
  "It works once, and a reload forgets it. Nothing was stored yet.";

/** A sign-in that was begun at a terminal: there is nothing in it for a browser but the address to bring back. */
export function BackToTerminal({ arrived }: { arrived: ArrivedCallback }) {
  return (
    <>
      <div>
        <PageHeading title="Back to the terminal">Back to the terminal</PageHeading>
        <p className="mt-2 text-soft">
          <Marked text={LEAD} />
        </p>
      </div>
      <CopyText
        name="the address"
        text={addressForTerminal(window.location.origin, arrived)}
        tone="primary"
      />
    </>
  );
}
