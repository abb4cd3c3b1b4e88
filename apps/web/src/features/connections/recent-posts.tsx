import { Clapperboard, ExternalLink, Image, Images, Square, type LucideIcon } from "lucide-react";
import { useState } from "react";

import { isWebAddress } from "../../components/account-picture.tsx";
import { Instant } from "../../components/instant.tsx";
import { Problem } from "../../components/problem.tsx";
import { Loading, Skeleton } from "../../components/skeleton.tsx";
import { useDeviceNow } from "../../lib/clock.ts";
import { ALONE, trpc, type Connection } from "../../lib/trpc.ts";
import { pictureOf, postAddress, postKind, type Post } from "./post-words.ts";
import { isOver } from "./state-words.ts";
import { quotaWords } from "./validation-words.ts";

const SHOWN = 6;
/** Each look costs a call at Instagram. */
const FRESH_MS = 5 * 60_000;

type Props = { connection: Connection; now: number };

/** The newest posts, read with the token as any program would: the visible proof that it works. */
export function RecentPosts({ connection, now }: Props) {
  const isReadable = !isOver(connection);
  const query = trpc.connections.posts.useQuery(
    { id: connection.id, limit: SHOWN },
    { ...ALONE, enabled: isReadable, staleTime: FRESH_MS, refetchOnWindowFocus: false },
  );
  if (!isReadable)
    return <p className="text-small text-soft">Nothing can be read before the account is reconnected.</p>;
  if (query.data === undefined) {
    return query.isError ? (
      <Problem error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PostsSkeleton />
    );
  }
  const { posts, quota } = query.data;
  return (
    <div className="flex flex-col gap-4">
      {posts.length === 0 ? (
        <p className="text-small">The token works, and this account has no posts yet.</p>
      ) : (
        <ul aria-label="Recent posts" className={GRID}>
          {posts.map((post) => (
            <PostTile key={post.id} post={post} now={now} />
          ))}
        </ul>
      )}
      <p className="figures text-small text-soft">
        Read with this connection’s token <ReadAt at={query.dataUpdatedAt} />.
        {quota !== null && ` ${quotaWords(quota)}.`}
      </p>
    </div>
  );
}

/** The answer names no instant: when it came is known by this device's clock alone. */
function ReadAt({ at }: { at: number }) {
  const deviceNow = useDeviceNow();
  return <Instant at={at} now={Math.max(at, deviceNow)} />;
}

const GRID = "grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3";

function PostTile({ post, now }: { post: Post; now: number }) {
  const { caption, publishedAt } = post;
  const address = postAddress(post);
  const kind = postKind(post);
  return (
    <li className="group relative min-w-0">
      <PostPicture post={post} />
      <p className="mt-2 line-clamp-2 text-small break-words">
        {caption === null || caption.trim() === "" ? (
          <span className="text-soft">No caption</span>
        ) : (
          <bdi>{caption}</bdi>
        )}
      </p>
      <p className="mt-0.5 flex items-center gap-1.5 text-caption text-soft">
        <span className="min-w-0">
          {kind}
          {publishedAt !== null && (
            <>
              {" · "}
              <Instant at={publishedAt} now={now} />
            </>
          )}
        </span>
        {address !== null && (
          <a
            href={address}
            target="_blank"
            rel="noopener noreferrer"
            referrerPolicy="no-referrer"
            className="ml-auto shrink-0 after:absolute after:inset-0 after:rounded-medium hover:text-ink focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-evergreen"
          >
            <ExternalLink className="size-4 group-hover:text-ink" aria-hidden="true" />
            <span className="sr-only">Open this {kind.toLowerCase()} on Instagram, in a new tab</span>
          </a>
        )}
      </p>
    </li>
  );
}

const ICONS: Record<Post["kind"], LucideIcon> = {
  image: Image,
  video: Clapperboard,
  carousel: Images,
  unknown: Square,
};

/** The picture, or a sign of its kind: pictures expire, and some media show none. */
function PostPicture({ post }: { post: Post }) {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const url = pictureOf(post);
  const Icon = ICONS[post.kind];
  const shape = "aspect-square w-full rounded-medium bg-evergreen-wash";
  if (url === null || !isWebAddress(url) || url === brokenUrl) {
    return (
      <span className={`${shape} grid place-items-center text-evergreen`} aria-hidden="true">
        <Icon className="size-8" />
      </span>
    );
  }
  return (
    <img
      src={url}
      alt=""
      className={`${shape} object-cover`}
      referrerPolicy="no-referrer"
      loading="lazy"
      decoding="async"
      onError={() => setBrokenUrl(url)}
    />
  );
}

/** In the size of a first row. */
function PostsSkeleton() {
  return (
    <>
      <Loading what="the recent posts" />
      <div aria-hidden="true" className={GRID}>
        {[0, 1, 2, 3, 4, 5].map((tile) => (
          <div key={tile} className="flex flex-col gap-2">
            <Skeleton className="aspect-square w-full rounded-medium" />
            <Skeleton className="h-3.5 w-3/4" />
            <Skeleton className="h-3 w-1/2" />
          </div>
        ))}
      </div>
    </>
  );
}
