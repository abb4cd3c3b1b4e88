import { describe, expect, it } from "vitest";

import { pictureOf, postAddress, postKind, type Post } from "./post-words.ts";

const post: Post = {
  id: "18000000000000001",
  kind: "image",
  productType: "FEED",
  caption: "Sunrise",
  mediaUrl: "https://cdn.example/1.jpg",
  thumbnailUrl: null,
  permalink: "https://www.instagram.com/p/Abc/",
  publishedAt: null,
  childIds: [],
};

const address = (permalink: string | null): string | null => postAddress({ permalink });

describe("postAddress", () => {
  it("opens a post at Instagram", () => {
    for (const permalink of [
      "https://www.instagram.com/p/Abc/",
      "https://instagram.com/reel/Abc/?igsh=1",
      "https://WWW.INSTAGRAM.COM/p/Abc/",
    ])
      expect(address(permalink)).toBe(new URL(permalink).href);
  });

  it.each([
    ["no address", null],
    ["an empty text", ""],
    ["a path", "/p/Abc/"],
    ["an address without a scheme", "//www.instagram.com/p/Abc/"],
    ["a script", "javascript:alert(1)//www.instagram.com/"],
    ["a script behind a line end", "java\nscript:alert(1)"],
    ["a document of its own", "data:text/html,<script>alert(1)</script>"],
    ["a file", "file://www.instagram.com/etc/passwd"],
    ["plain http", "http://www.instagram.com/p/Abc/"],
    ["another site", "https://evil.example/p/Abc/"],
    ["a site that ends alike", "https://evilinstagram.com/p/Abc/"],
    ["a site that begins alike", "https://www.instagram.com.evil.example/p/Abc/"],
    ["a user's name that looks like the site", "https://www.instagram.com@evil.example/p/Abc/"],
    ["a path that looks like the site", "https://evil.example/www.instagram.com/"],
    ["a backslash for the end of the host", "https://evil.example\\@www.instagram.com/"],
    ["letters of another alphabet", "https://www.ınstagram.com/p/Abc/"],
    ["another port", "https://www.instagram.com:8443/p/Abc/"],
    ["credentials", "https://user:secret@www.instagram.com/p/Abc/"],
    ["a dot at the end", "https://www.instagram.com./p/Abc/"],
  ])("SP-03 opens nothing from %s", (_what, permalink) => {
    expect(address(permalink)).toBeNull();
  });

  it("gives the address as it was understood, not as it was spelled", () => {
    expect(address("  https:\\\\www.instagram.com\\p\\Abc/\n")).toBe("https://www.instagram.com/p/Abc/");
  });
});

describe("pictureOf", () => {
  it("never plays a film as a picture", () => {
    const film = { ...post, kind: "video" as const, mediaUrl: "https://cdn.example/1.mp4" };
    expect(pictureOf(film)).toBeNull();
    expect(pictureOf({ ...film, thumbnailUrl: "https://cdn.example/1.jpg" })).toBe(
      "https://cdn.example/1.jpg",
    );
    expect(pictureOf(post)).toBe(post.mediaUrl);
    expect(pictureOf({ ...post, mediaUrl: null })).toBeNull();
  });
});

describe("postKind", () => {
  it("says what it was published as, then what it is", () => {
    expect(postKind({ kind: "video", productType: "REELS" })).toBe("Reel");
    expect(postKind({ kind: "image", productType: "STORY" })).toBe("Story");
    expect(postKind({ kind: "carousel", productType: "FEED" })).toBe("Carousel");
    expect(postKind({ kind: "unknown", productType: null })).toBe("Post");
  });
});
