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

/** The address of the post at Instagram, when it is one. */
export function postAddress({ permalink }: Pick<Post, "permalink">): string | null {
  if (permalink === null || !URL.canParse(permalink)) return null;
  const { protocol, hostname } = new URL(permalink);
  const isInstagram = hostname === "instagram.com" || hostname.endsWith(".instagram.com");
  return protocol === "https:" && isInstagram ? permalink : null;
}
