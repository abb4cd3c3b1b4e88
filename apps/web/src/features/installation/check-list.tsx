import { CopyLine } from "../../components/copy-line.tsx";
import { Marked } from "../../components/diagnosis/marked.tsx";
import type { Check, Report } from "../../lib/trpc.ts";
import { checkGroups, groupWords, levelLook, type CheckGroup } from "./check-words.ts";

/** What was looked at, by what it is about. What needs somebody is told; what is fine can be unfolded. */
export function CheckList({ checks }: { checks: Report["checks"] }) {
  const groups = checkGroups(checks);
  const troubled = groups.filter(({ worst }) => worst !== "green");
  const fine = groups.filter(({ worst }) => worst === "green");
  return (
    <div className="flex flex-col gap-8">
      {troubled.length > 0 && <Groups label="What to look at" groups={troubled} />}
      {fine.length > 0 && (
        <details className="group" open={troubled.length === 0}>
          <summary className="cursor-pointer py-1 text-small font-semibold text-soft hover:text-ink">
            What is fine ({fine.length})
          </summary>
          <div className="pt-5">
            <Groups label="What is fine" groups={fine} />
          </div>
        </details>
      )}
    </div>
  );
}

function Groups({ label, groups }: { label: string; groups: readonly CheckGroup[] }) {
  return (
    <ul aria-label={label} className="flex flex-col gap-6">
      {groups.map(({ group, checks }) => (
        <li key={group} className="grid grid-cols-1 gap-x-8 gap-y-2 sm:grid-cols-[11rem_minmax(0,1fr)]">
          <h2 className="text-small font-semibold">{groupWords(group)}</h2>
          <ul className="flex flex-col gap-4">
            {checks.map((check) => (
              <CheckItem key={check.id} check={check} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function CheckItem({ check: { level, message, cure, copy } }: { check: Check }) {
  const { icon: Icon, word, colour } = levelLook(level);
  return (
    <li className="flex gap-3 text-small">
      <Icon className={`mt-px size-5 shrink-0 ${colour}`} aria-hidden="true" />
      <div className="flex min-w-0 grow flex-col gap-1.5">
        <p className="break-words">
          <span className={level === "green" ? "sr-only" : `font-semibold ${colour}`}>{word}.</span>{" "}
          <Marked text={message} />
        </p>
        {cure !== null && (
          <p className="break-words text-soft">
            <Marked text={cure} />
          </p>
        )}
        {copy !== null && <CopyLine text={copy} />}
      </div>
    </li>
  );
}
