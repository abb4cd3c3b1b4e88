import { Link } from "@tanstack/react-router";

import { Section } from "../../components/section.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import type { Flavour, Report } from "../../lib/trpc.ts";
import { StepList } from "./step-list.tsx";

const FLAVOURS: readonly Flavour[] = ["instagram", "facebook"];

/** What is done in Meta's dashboards: nobody but a person can see whether it was. */
export function StepsOfReport({ report: { steps, isSimulated } }: { report: Report }) {
  if (isSimulated) {
    return (
      <Section title="In Meta’s dashboards">
        <p className="max-w-prose text-small text-soft">
          The simulator plays Instagram and Facebook, so there is nothing to do there yet. <GuideLink /> says
          how to go live with a real app.
        </p>
      </Section>
    );
  }
  return FLAVOURS.map((flavour) => {
    const ofLogin = steps.filter((step) => step.flavour === flavour);
    if (ofLogin.length === 0) return null;
    const title = `In Meta’s dashboards, for ${COMPANIES[flavour]} Login`;
    return (
      <Section
        key={flavour}
        title={title}
        intro={
          <>
            No program can see whether these are done. Tick them as you do them; ticks stay in this browser.{" "}
            <GuideLink /> has them with all that is around them.
          </>
        }
      >
        <StepList label={title} steps={ofLogin} />
      </Section>
    );
  });
}

function GuideLink() {
  return (
    <Link to="/going-live" className="text-ink underline underline-offset-4">
      The set-up guide
    </Link>
  );
}
