import { CirclePause, Wrench } from "lucide-react";

import { endedByOf } from "../../components/diagnosis/ended-by.tsx";
import type { Connection, Flavour, PausedLogin } from "../../lib/trpc.ts";
import { nextLookSentence, pauseAdvice, pauseMeaning, pauseTitle } from "./pause-words.ts";
import { SentenceText } from "./sentence-text.tsx";

const FLAVOURS: readonly Flavour[] = ["instagram", "facebook"];

type Props = {
  paused: readonly PausedLogin[];
  /** Whose renewals may wait: a pause of a login that nobody here uses is no news. */
  connections: readonly Pick<Connection, "flavour">[];
  /** This device's clock: a pause waits by people's clocks. */
  deviceNow: number;
  /** The room around a notice. */
  className: string;
};

/** Says while renewals wait for many accounts alike, and until when. Nothing while all is well. */
export function PausedLogins({ paused, connections, deviceNow, className }: Props) {
  return FLAVOURS.filter((flavour) => connections.some((connection) => connection.flavour === flavour)).map(
    (flavour) => (
      <PauseNotice
        key={flavour}
        login={paused.find((login) => login.flavour === flavour) ?? null}
        deviceNow={deviceNow}
        className={className}
      />
    ),
  );
}

/** The element is there before the notice is, so that screen readers hear it come. */
type NoticeProps = { login: PausedLogin | null } & Pick<Props, "deviceNow" | "className">;

function PauseNotice({ login, deviceNow, className }: NoticeProps) {
  const Icon = endedByOf(login?.problem?.class ?? "retry") === "operator" ? Wrench : CirclePause;
  return (
    <div className={login === null ? "" : `flex gap-4 rounded-large bg-slate-wash p-4 sm:p-5 ${className}`}>
      {login !== null && <Icon className="mt-0.5 size-5 shrink-0 text-slate" aria-hidden="true" />}
      <div className="min-w-0">
        <output className="block font-semibold">
          {login !== null && `${pauseTitle(login.flavour, login.problem?.code ?? null)}.`}
        </output>
        {login !== null && (
          <p className="mt-0.5 max-w-[44rem] text-small text-soft">
            {pauseMeaning(login)}{" "}
            <SentenceText sentence={nextLookSentence(login.nextProbeAt, deviceNow)} now={deviceNow} />{" "}
            {pauseAdvice(login)}
          </p>
        )}
      </div>
    </div>
  );
}
