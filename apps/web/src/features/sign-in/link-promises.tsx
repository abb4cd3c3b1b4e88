import { KeyRound, Leaf, UserRound, type LucideIcon } from "lucide-react";

const PROMISES: readonly { title: string; what: string; icon: LucideIcon }[] = [
  {
    title: "One account, and no other",
    what: "Sign in with the account that the message names. With another one nothing is changed.",
    icon: UserRound,
  },
  {
    title: "You sign in at Instagram or Facebook",
    what: "Your password stays there. The link opens nothing by itself.",
    icon: KeyRound,
  },
  {
    title: "Everything else stays as it is",
    what: "The history goes on, and so does everything that reads this connection.",
    icon: Leaf,
  },
];

/** What somebody may rely on who was sent a reconnect link. */
export function LinkPromises() {
  return (
    <ul aria-label="What to know" className="flex flex-col gap-5">
      {PROMISES.map(({ title, what, icon: Icon }) => (
        <li key={title} className="flex gap-4">
          <span
            className="grid size-9 shrink-0 place-items-center rounded-full bg-evergreen-wash text-evergreen"
            aria-hidden="true"
          >
            <Icon className="size-4" />
          </span>
          <div>
            <p className="font-semibold">{title}</p>
            <p className="text-small text-soft">{what}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
