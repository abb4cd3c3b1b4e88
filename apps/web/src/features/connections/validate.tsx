import { CircleCheck, CircleHelp, CircleX, ShieldCheck } from "lucide-react";

import { Button } from "../../components/button.tsx";
import { Instant } from "../../components/instant.tsx";
import { ActionProblem, ProofIds } from "../../components/problem.tsx";
import { COMPANIES } from "../../lib/flavours.ts";
import { trpc, type Connection, type Validation } from "../../lib/trpc.ts";
import { isNews } from "./news.ts";
import { changeWords, validationLines, type ValidationLine } from "./validation-words.ts";

type Props = { connection: Connection; now: number };

/** Proves on demand that the token works, and says what was found. */
export function Validate({ connection, now }: Props) {
  const utils = trpc.useUtils();
  const validate = trpc.connections.validate.useMutation({
    onSettled: () => utils.connections.invalidate(),
  });
  const { isPending, error, data, mutate } = validate;
  const found = data !== undefined && isNews(Date.parse(data.checkedAt), now) ? data : null;
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="text-small text-soft">
        {COMPANIES[connection.flavour]} is asked whose the token is, what it may do, and how much may still be
        published.
      </p>
      <Button tone="secondary" isBusy={isPending} onClick={() => mutate({ id: connection.id })}>
        <ShieldCheck className="size-4" aria-hidden="true" />
        Validate
      </Button>
      <output className="block w-full empty:hidden">
        {isPending && <span className="text-small text-soft">Asking {COMPANIES[connection.flavour]}.</span>}
        {!isPending && found !== null && <Found validation={found} connection={connection} now={now} />}
      </output>
      <ActionProblem error={error} />
    </div>
  );
}

function Found({ validation, connection, now }: Props & { validation: Validation }) {
  const { problem, checkedAt, traceId, changes } = validation;
  return (
    <div className="flex flex-col gap-4">
      <div>
        <p className="font-semibold">
          {problem === null ? "The token works." : "The token did not prove to work."}{" "}
          <span className="text-small font-normal text-soft">
            <Instant at={checkedAt} now={now} />
          </span>
        </p>
        {problem !== null && (
          <p className="mt-1 text-small">
            {problem.message} <span className="text-soft">{problem.cure}</span>
          </p>
        )}
      </div>
      <ul aria-label="Validation" className="flex flex-col divide-y divide-hairline">
        {validationLines(validation, connection).map((line) => (
          <Line key={line.name} line={line} />
        ))}
      </ul>
      {changes.length > 0 && (
        <ul aria-label="Changes" className="flex flex-col gap-1 text-small">
          {changes.map((change) => (
            <li key={change.what} className="break-words">
              {changeWords(change)}
            </li>
          ))}
        </ul>
      )}
      <ProofIds explained={{ traceId, requestId: null }} />
    </div>
  );
}

function Line({ line: { name, words, isGood } }: { line: ValidationLine }) {
  const Icon = isGood === null ? CircleHelp : isGood ? CircleCheck : CircleX;
  const colour = isGood === null ? "text-slate" : isGood ? "text-evergreen" : "text-amber";
  return (
    <li className="flex gap-3 py-2.5 text-small first:pt-0 last:pb-0">
      <Icon className={`mt-0.5 size-5 shrink-0 ${colour}`} aria-hidden="true" />
      <div className="min-w-0">
        <p className="text-caption text-soft">{name}</p>
        <p className="break-words">{words}</p>
      </div>
    </li>
  );
}
