import type { NewFacebookPage, NewFacebookPerson } from "./person.ts";

const PAGES = {
  acme: { id: "103000000000101", name: "Acme Shop", instagramUser: "acme.shop" },
  lena: { id: "103000000000102", name: "Lena Okafor Paintings", instagramUser: "lena.paints" },
  north: { id: "103000000000103", name: "North Roasters", instagramUser: "north.roasters" },
  market: { id: "103000000000104", name: "Weekend Market", instagramUser: null },
  bread: { id: "103000000000105", name: "Daily Bread Bakery & Café", instagramUser: "daily.bread" },
} satisfies Record<string, NewFacebookPage>;

const PORTFOLIO = { id: "109000000000001", name: "Agency North" };

/**
 * The people a fresh simulator knows at Facebook; their Pages carry accounts of the default cast. The first one's id
 * is one that `JSON.parse` would round, and two of them have the same name.
 */
export function facebookCast(): NewFacebookPerson[] {
  return [
    {
      key: "maya.brandt",
      name: "Maya Brandt",
      appScopedId: "10200000000000001",
      appRole: "administrators",
      pages: [
        PAGES.acme,
        PAGES.lena,
        PAGES.north,
        PAGES.market,
        { ...PAGES.bread, tasks: ["ANALYZE", "MESSAGING"] },
      ],
      part: "three Pages with an account, one without, one on which she may not publish",
    },
    {
      key: "casa.colectiva",
      name: "Casa Colectiva",
      appScopedId: "122000000000002",
      pages: manyPages(60),
      part: "sixty Pages, three sheets of them; the 30th has an account, the 57th a personal one",
    },
    {
      key: "nadia.new",
      name: "Nadia Haddad",
      appScopedId: "122000000000003",
      part: "no Page at all",
    },
    {
      key: "oscar.agency",
      name: "Oscar Lindqvist",
      appScopedId: "122000000000004",
      appRole: "developers",
      pages: [
        portfolioPage("103000000000201", "Studio Noor", "studio.noor", "owned", "assigned"),
        portfolioPage("103000000000202", "Hotel Miramar", "hotel.miramar", "client", "member"),
        portfolioPage("103000000000203", "Ines Runs", "ines.runs", "owned", "none"),
      ],
      part: "Pages of a business portfolio: one listed, one under the portfolio only, one by its id alone",
    },
    {
      key: "paul.plain",
      name: "Paul Moreau",
      appScopedId: "122000000000005",
      pages: [
        { id: "103000000000301", name: "Moreau Bikes" },
        { id: "103000000000302", name: "Moreau Rentals" },
      ],
      part: "Pages, but no account linked to any",
    },
    {
      key: "alex.kim.shop",
      name: "Alex Kim",
      appScopedId: "122000000000006",
      pages: [PAGES.acme],
      part: "the shop's second hand; somebody else has the same name",
    },
    {
      key: "alex.kim.studio",
      name: "Alex Kim",
      appScopedId: "122000000000007",
      pages: [PAGES.lena],
      part: "the studio's second hand; somebody else has the same name",
    },
    {
      key: "rita.outside",
      name: "Rita Oduya",
      appScopedId: "122000000000008",
      appRole: null,
      pages: [PAGES.north],
      part: "a Page with an account",
    },
  ];
}

function manyPages(count: number): NewFacebookPage[] {
  return Array.from({ length: count }, (_, index): NewFacebookPage => {
    const number = index + 1;
    if (number === 30) return PAGES.bread;
    const id = String(103_000_000_001_000 + number);
    // a personal account, which Facebook does not show
    if (number === 57) return { id, name: `Casa ${number}`, instagramUser: "tom.private" };
    return { id, name: `Casa ${number}` };
  });
}

function portfolioPage(
  id: string,
  name: string,
  instagramUser: string,
  relation: "owned" | "client",
  role: "assigned" | "member" | "none",
): NewFacebookPage {
  return { id, name, instagramUser, portfolio: { ...PORTFOLIO, relation, role } };
}
