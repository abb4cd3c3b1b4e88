import { Plus } from "lucide-react";
import { useRef, useState } from "react";

import { Button } from "../../components/button.tsx";
import { Problem } from "../../components/problem.tsx";
import { Section } from "../../components/section.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { trpc, type ApiKey } from "../../lib/trpc.ts";
import { KeyList } from "./key-list.tsx";
import { MakeKey } from "./make-key.tsx";
import { NewKey } from "./new-key.tsx";
import { useKeys, useMakeKey } from "./use-keys.ts";

/** The keys by which other programs come in. */
export function KeySection() {
  const heading = useRef<HTMLHeadingElement>(null);
  const [isMaking, setIsMaking] = useState(false);
  const keys = useKeys();
  const accounts = trpc.connections.list.useQuery().data?.connections ?? [];
  const { make, isMaking: isBusy, error, made, forget } = useMakeKey();
  const close = (): void => {
    setIsMaking(false);
    heading.current?.focus();
  };
  return (
    <Section
      title="API keys"
      headingRef={heading}
      intro={
        <>
          With a key, a program of yours asks for a token whenever it needs one, and gets one that works.{" "}
          <a href="/v1/docs" className="text-ink underline underline-offset-4">
            How the HTTP interface works
          </a>
        </>
      }
    >
      {made !== null ? (
        <NewKey
          made={made}
          accounts={accounts}
          onKept={() => {
            forget();
            close();
          }}
        />
      ) : isMaking ? (
        <MakeKey accounts={accounts} isBusy={isBusy} error={error} onMake={make} onCancel={close} />
      ) : (
        <div>
          <Button tone="secondary" onClick={() => setIsMaking(true)}>
            <Plus className="size-4" aria-hidden="true" />
            Make a key
          </Button>
        </div>
      )}
      <Keys keys={keys} accounts={accounts} afterwards={heading} isQuiet={isMaking} />
    </Section>
  );
}

type KeysProps = {
  keys: ReturnType<typeof useKeys>;
  accounts: readonly { id: string; username: string }[];
  afterwards: React.RefObject<HTMLHeadingElement | null>;
  /** Something else says already what there is to do. */
  isQuiet: boolean;
};

function Keys({ keys, accounts, afterwards, isQuiet }: KeysProps) {
  const { data } = keys;
  if (data === undefined) {
    return keys.isError ? (
      <Problem error={keys.error} onRetry={() => void keys.refetch()} />
    ) : (
      <KeysSkeleton />
    );
  }
  const isUsed = (key: ApiKey): boolean => key.revokedAt === null;
  const revoked = data.filter((key) => !isUsed(key));
  return (
    <>
      {data.some(isUsed) ? (
        <KeyList label="API keys" keys={data.filter(isUsed)} accounts={accounts} afterwards={afterwards} />
      ) : (
        !isQuiet && (
          <p className="text-small text-soft">
            No program has a key so far. A key is shown once, does only what you allow, and is ended here with
            one click.
          </p>
        )
      )}
      {revoked.length > 0 && (
        <details>
          <summary className="cursor-pointer py-2 text-small font-semibold text-soft hover:text-ink">
            {revoked.length === 1 ? "1 revoked key" : `${revoked.length} revoked keys`}
          </summary>
          <div className="pt-2">
            <KeyList label="Revoked keys" keys={revoked} accounts={accounts} afterwards={afterwards} />
          </div>
        </details>
      )}
    </>
  );
}

/** In the size of what most people have: no key, and the sentence that says so. */
function KeysSkeleton() {
  return (
    <>
      <Loading what="the keys" />
      <div aria-hidden="true" className="flex flex-col gap-2 py-1">
        <Skeleton className="h-3.5 w-full" />
        <Skeleton className="h-3.5 w-2/3" />
      </div>
    </>
  );
}
