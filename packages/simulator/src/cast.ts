import type { NewSimulatedUser, SimulatedMedia } from "./people.ts";

type Post = [caption: string | null, hoursAgo: number, mediaType?: SimulatedMedia["mediaType"]];

/**
 * The people a fresh simulator knows. The first three professional ids, and their app-scoped ids, differ only in
 * digits that `JSON.parse` rounds away: whoever reads them as numbers takes three people for one or two.
 */
export function defaultCast(now: Date): NewSimulatedUser[] {
  const newMedia = createMediaMaker(now);
  return [
    {
      key: "acme.shop",
      username: "acme.shop",
      name: "Acme Shop",
      professionalId: "17841401234567891",
      appScopedId: "25811112222333345",
      followersCount: 4210,
      followsCount: 180,
      publishedToday: 2,
      biography: "Anvils, rockets and everything else. Delivered.",
      website: "https://acme.example/",
      media: newMedia([
        ["The new anvil line is here. Heavier than it looks.", 5],
        ["Behind the scenes at the spring warehouse", 29, "VIDEO"],
        ["Three ways to pack a parachute", 76, "CAROUSEL_ALBUM"],
        [null, 190],
      ]),
      part: "business account: everything works",
    },
    {
      key: "lena.paints",
      username: "lena.paints",
      name: "Lena Okafor",
      accountType: "MEDIA_CREATOR",
      professionalId: "17841401234567892",
      appScopedId: "25811112222333346",
      followersCount: 18_400,
      followsCount: 312,
      biography: "Oil, linen, patience.",
      website: null,
      media: newMedia([
        ["Underpainting, day two.", 12],
        ["Studio light at four in the afternoon", 51],
        ["Varnish day", 130, "VIDEO"],
      ]),
      part: "creator account: everything works",
    },
    {
      key: "studio.noor",
      username: "studio.noor",
      name: "Studio Noor",
      professionalId: "17841401234567893",
      appScopedId: "25811112222333347",
      hasTesterRole: false,
      followersCount: 903,
      followsCount: 77,
      media: newMedia([["Opening hours this week", 40]]),
      part: "business account",
    },
    {
      key: "tom.private",
      username: "tom.private",
      name: "Tom",
      accountType: "PERSONAL",
      professionalId: "17841401234567894",
      appScopedId: "25811112222333348",
      followersCount: 86,
      followsCount: 204,
      media: newMedia([["Holiday", 900]]),
      part: "private person",
    },
    {
      key: "north.roasters",
      username: "north.roasters",
      name: "North Roasters",
      professionalId: "17841405550001237",
      appScopedId: "25844446666888011",
      followersCount: 7754,
      followsCount: 410,
      publishedToday: 1,
      media: newMedia([
        ["Fresh lot from Huehuetenango", 8],
        ["How we cup", 33, "VIDEO"],
      ]),
      part: "business account: everything works",
    },
    {
      key: "ines.runs",
      username: "ines.runs",
      name: null,
      accountType: "MEDIA_CREATOR",
      professionalId: "17841405550001453",
      appScopedId: "25844446666888037",
      followersCount: 51_200,
      followsCount: 98,
      media: newMedia([["40 km before breakfast", 20]]),
      part: "creator account without a name",
    },
    {
      key: "hotel.miramar",
      username: "hotel.miramar",
      name: "Hotel Miramar",
      professionalId: "17841405550002099",
      appScopedId: "25844446666888119",
      followersCount: 0,
      followsCount: 0,
      media: [],
      part: "business account without a single post",
    },
    {
      key: "daily.bread",
      username: "daily.bread",
      name: "Daily Bread Bakery & Café",
      professionalId: "17841405550002741",
      appScopedId: "25844446666888203",
      followersCount: 12_033,
      followsCount: 640,
      publishedToday: 3,
      media: newMedia(
        Array.from({ length: 60 }, (_, index): Post => [`Loaf number ${60 - index}`, 3 + index * 24]),
      ),
      part: "business account with sixty posts, enough for several pages",
    },
  ];
}

function createMediaMaker(now: Date): (posts: Post[]) => SimulatedMedia[] {
  let lastId = 18_000_000_000_000_000n;
  const nextId = () => String((lastId += 1n));
  return (posts) =>
    posts.map(([caption, hoursAgo, mediaType = "IMAGE"]) => ({
      id: nextId(),
      mediaType,
      caption,
      postedAt: new Date(now.getTime() - hoursAgo * 3_600_000),
      ...(mediaType === "CAROUSEL_ALBUM" ? { childIds: [nextId(), nextId(), nextId()] } : {}),
    }));
}
