import type { GuideSection } from "./guide.ts";

/** Everything that is registered is made from the address. */
export function addressSection(appUrl: string): GuideSection {
  return {
    id: "address",
    title: "An https address",
    intro:
      "Meta sends people back to https addresses only, and only to those that are registered. Everything below is made from yours.",
    scopes: [],
    steps: [
      {
        id: "address.app_url",
        place: "The file `.env` beside README.md",
        task: "Have APP_URL be the address that people open: https, without a path and without a slash at the end.",
        reason: "An http address cannot be registered; one that differs in a letter is refused.",
        copy: `APP_URL=${appUrl}`,
      },
      {
        id: "address.local",
        place: "On your own machine",
        task: "Open that very address. For an `https://localhost…` one `npx pnpm@12 dev` speaks TLS with a certificate it makes itself; the browser asks about it once.",
        reason:
          "http://localhost and https://127.0.0.1 are other addresses: the way back would not lead there.",
        copy: null,
      },
    ],
  };
}
