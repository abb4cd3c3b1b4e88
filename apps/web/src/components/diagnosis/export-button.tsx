import { Download } from "lucide-react";
import { useState } from "react";

import { saveJson } from "../../lib/save-file.ts";
import { Button } from "../button.tsx";

type Props = { name: string; read: () => Promise<unknown> };

/** Saves an attempt as a file. Nobody's name, id or token is in it, and that is said. */
export function ExportButton({ name, read }: Props) {
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const save = async (): Promise<void> => {
    setState("busy");
    try {
      saveJson(`${name}.json`, await read());
      setState("idle");
    } catch {
      setState("failed"); // said beside the button: nothing else is lost
    }
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <Button tone="secondary" isBusy={state === "busy"} onClick={() => void save()}>
        <Download className="size-4" aria-hidden="true" />
        Export
      </Button>
      <p className="text-caption text-soft" role={state === "failed" ? "alert" : undefined}>
        {state === "failed"
          ? "It could not be read. Try again in a moment."
          : "For whoever is to find out. Holds codes and times, and nobody’s name or token."}
      </p>
    </div>
  );
}
