import { useRef, useState } from "react";

import { Button } from "../../components/button.tsx";
import { Section } from "../../components/section.tsx";
import { DownloadData } from "./download-data.tsx";
import { EraseForm } from "./erase-form.tsx";

type Props = {
  /** Everything is gone, the session too. */
  onErased: () => void;
};

/** What is kept about the person: to take along, and to be rid of. */
export function MyDataSection({ onErased }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [isErasing, setIsErasing] = useState(false);
  const keep = (): void => {
    setIsErasing(false);
    heading.current?.focus();
  };
  return (
    <Section
      title="My data"
      headingRef={heading}
      intro="Everything that is kept about you: your accounts with their history, sessions, keys, places and what was done. No token and no secret is in the file."
    >
      <DownloadData />
      {isErasing ? (
        <EraseForm onErased={onErased} onKeep={keep} />
      ) : (
        <div>
          <Button tone="secondary" onClick={() => setIsErasing(true)}>
            Erase everything…
          </Button>
        </div>
      )}
    </Section>
  );
}
