import { Link } from "@tanstack/react-router";
import { Leaf } from "lucide-react";

import { LoginGlyph } from "../../components/login-glyph.tsx";
import { exactWords } from "../../lib/time-words.ts";
import { outcomeWords, validityWords, type ImportedConnection } from "./import-words.ts";

type Props = { connections: readonly ImportedConnection[]; now: number };

/** Whose the tokens turned out to be, and how long they are good. */
export function ImportedList({ connections, now }: Props) {
  return (
    <ul aria-label="Imported" className="flex flex-col divide-y divide-hairline">
      {connections.map((connection) => {
        const { connectionId, username, flavour, expiresAt } = connection;
        return (
          <li key={connectionId} className="flex gap-4 py-4 first:pt-0 last:pb-0">
            <Leaf className="mt-0.5 size-5 shrink-0 text-leaf" aria-hidden="true" />
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-x-2">
                <Link
                  to="/connections/$id"
                  params={{ id: connectionId }}
                  className="font-semibold break-all underline underline-offset-4"
                >
                  @<bdi>{username}</bdi>
                </Link>
                <LoginGlyph flavour={flavour} className="size-4 text-soft" />
                <span className="text-small text-soft">{outcomeWords(connection)}</span>
              </p>
              <p className="mt-0.5 text-small" title={exactWords(Date.parse(expiresAt))}>
                {validityWords(connection, now)}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
