import { useState } from "react";

import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { trpc, type Flavour, type Guide, type GuideSection } from "../../lib/trpc.ts";
import { StepList } from "./step-list.tsx";
import { useTicks } from "./use-ticks.ts";

/** What the guide is filled in with changes with a restart only. */
const FOR_EVER = Number.POSITIVE_INFINITY;

/** The way to a real app, filled in with this installation's own values. */
export function GoingLive() {
  const query = trpc.diagnostics.guide.useQuery(undefined, { staleTime: FOR_EVER });
  if (query.data !== undefined) return <Filled guide={query.data} />;
  return query.isError ? (
    <Problem error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <GuideSkeleton />
  );
}

const LOGINS: readonly { value: Flavour; label: string }[] = [
  { value: "instagram", label: "Instagram Login" },
  { value: "facebook", label: "Facebook Login" },
];

function Filled({ guide }: { guide: Guide }) {
  const [login, setLogin] = useState<Flavour>("instagram");
  const ticks = useTicks();
  const section = (id: GuideSection["id"]) => guide.sections.find((candidate) => candidate.id === id);
  return (
    <div className="flex flex-col gap-12">
      {!guide.isAtAddress && (
        <p className="rounded-large bg-amber-wash p-4 text-small">
          This installation has no https address yet. Everything below is filled in with{" "}
          <span className="font-mono break-words">{guide.appUrl}</span>, the address it has after the first
          step.
        </p>
      )}
      <Steps section={section("address")} />
      <div className="flex flex-col gap-8">
        <Choice legend="Which login" options={LOGINS} value={login} onChange={setLogin} />
        <Steps key={login} section={section(login)} />
      </div>
      <Section title="Who can sign in, and when">
        <dl className="flex flex-col gap-4">
          {guide.stages.map(({ name, who, takes }) => (
            <div key={name}>
              <dt className="font-semibold">{name}</dt>
              <dd>{who}</dd>
              <dd className="text-small text-soft">What it takes: {takes}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Steps section={section("server")} />
      <Section title="What other guides say">
        <dl className="flex flex-col gap-4">
          {guide.wrongClaims.map(({ claim, truth }) => (
            <div key={claim}>
              <dt className="text-soft">“{claim}”</dt>
              <dd>{truth}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <div className="flex flex-col items-start gap-3 border-t border-hairline pt-8">
        <p className="text-small text-soft">
          Ticks are kept in this browser, for this address. A step whose text has changed has to be done anew.
        </p>
        <Button tone="quiet" onClick={() => ticks.clear()}>
          Forget the ticks
        </Button>
      </div>
    </div>
  );
}

function Steps({ section }: { section: GuideSection | undefined }) {
  if (section === undefined) return null;
  const { title, intro, scopes, steps } = section;
  return (
    <Section title={title} intro={intro}>
      {scopes.length > 0 && (
        <div className="text-small">
          <p className="font-semibold">What people are asked for</p>
          <ul aria-label={`What people are asked for by ${title}`} className="mt-2 flex flex-col gap-1.5">
            {scopes.map(({ name, purpose }) => (
              <li key={name}>
                <code className="font-mono text-caption break-all">{name}</code>{" "}
                <span className="text-soft">{purpose}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <StepList label={title} steps={steps} />
    </Section>
  );
}

function GuideSkeleton() {
  return (
    <>
      <Loading what="the guide" />
      <div aria-hidden="true" className="flex flex-col gap-6">
        <Skeleton className="h-6 w-48" />
        {[0, 1, 2].map((step) => (
          <div key={step} className="flex gap-3">
            <Skeleton className="size-6" />
            <div className="flex grow flex-col gap-2">
              <Skeleton className="h-5 w-4/5" />
              <Skeleton className="h-4 w-3/5" />
              <Skeleton className="h-9 w-full rounded-medium" />
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
