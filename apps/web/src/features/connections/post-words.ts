import type { RecentPosts } from "../../lib/trpc.ts";

/** A post as the api tells it. */
export type Post = RecentPosts["posts"][number];

const KINDS: Record<Post["kind"], string> = {
  image: "Photo",
  video: "Video",
  carousel: "Carousel",
  unknown: "Post",
};

/** "Photo", "Reel", "Story". */
export function postKind({ kind, productType }: Pick<Post, "kind" | "productType">): string {
  if (productType === "REELS") return "Reel";
  return productType === "STORY" ? "Story" : KINDS[kind];
}

/** Where its picture is: never the film itself. Null where there is none to show. */
export function pictureOf({ kind, mediaUrl, thumbnailUrl }: Post): string | null {
  return thumbnailUrl ?? (kind === "video" ? null : mediaUrl);
}

const INSTAGRAM_ORIGIN = /^https:\/\/(?:[a-z0-9-]+\.)?instagram\.com$/;

/** The address of the post at Instagram, as a browser understands it; null when it leads anywhere else. */
export function postAddress({ permalink }: Pick<Post, "permalink">): string | null {
  if (permalink === null || !URL.canParse(permalink)) return null;
  const { origin, username, password, href } = new URL(permalink);
  return INSTAGRAM_ORIGIN.test(origin) && username === "" && password === "" ? href : null;
}
