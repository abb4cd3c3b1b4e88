import { useState } from "react";

const SIZES = { medium: "size-11 text-small", large: "size-16 text-heading" } as const;

type Props = { username: string; pictureUrl: string | null; size: keyof typeof SIZES };

/** The picture of an account, or its initials: pictures expire, and some accounts have none. */
export function AccountPicture({ username, pictureUrl, size }: Props) {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const shape = `${SIZES[size]} shrink-0 rounded-full bg-evergreen-wash`;
  if (pictureUrl === null || !isWebAddress(pictureUrl) || pictureUrl === brokenUrl) {
    return (
      <span
        className={`${shape} grid place-items-center font-semibold text-evergreen uppercase`}
        aria-hidden="true"
      >
        {initialsOf(username)}
      </span>
    );
  }
  return (
    <img
      src={pictureUrl}
      alt=""
      className={`${shape} object-cover`}
      referrerPolicy="no-referrer"
      decoding="async"
      onError={() => setBrokenUrl(pictureUrl)}
    />
  );
}

/** The first letters of the first two words of a username. */
export function initialsOf(username: string): string {
  const words = username.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("") || "?";
}

/** Providers decide what stands here: only web addresses are asked for a picture. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ["https:", "http:"].includes(new URL(text).protocol);
}
