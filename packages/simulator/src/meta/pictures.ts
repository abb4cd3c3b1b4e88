import { createHash } from "node:crypto";
import { textReply, type Reply } from "../http/reply.ts";
import type { SimulatedUser } from "../people.ts";
import type { World } from "../world.ts";

const PICTURE_LIFE_S = 7 * 86_400;

/** Address of a person's picture. Like the real one it is good for some days only. */
export function profilePictureUrl(world: World, user: SimulatedUser): string {
  return `${world.origin}${profilePicturePath(user, world.clock.nowMs())}`;
}

/** The same without the origin, for the simulator's own pages. */
export function profilePicturePath(user: SimulatedUser, nowMs: number): string {
  return `/pictures/${user.professionalId}.svg?oe=${expiryMark(nowMs)}`;
}

export function mediaPictureUrl(world: World, mediaId: string): string {
  return `${world.origin}/pictures/${mediaId}.svg?oe=${expiryMark(world.clock.nowMs())}`;
}

/** Expiry in hexadecimal Unix seconds, whole days, so that an address stays the same for a day. */
function expiryMark(nowMs: number): string {
  const day = Math.floor(nowMs / 86_400_000);
  return (day * 86_400 + PICTURE_LIFE_S).toString(16).toUpperCase();
}

/** `GET /pictures/{id}.svg`: a drawing made from the id, with the person's initial when the id is an account's. */
export function pictureReply(world: World, path: string, query: URLSearchParams): Reply {
  const id = path.slice("/pictures/".length).replace(/\.svg$/, "");
  if (!/^\d{1,32}$/.test(id)) return textReply(404, "There is no such picture.");
  const expiresAtS = Number.parseInt(query.get("oe") ?? "0", 16);
  if (!(expiresAtS * 1000 > world.clock.nowMs())) return textReply(403, "URL signature expired");
  const user = world.people.findByProfessionalId(id);
  return {
    status: 200,
    contentType: "image/svg+xml",
    headers: [
      "Cache-Control",
      "private, max-age=86400",
      "Cross-Origin-Resource-Policy",
      "cross-origin",
      "Content-Security-Policy",
      "default-src 'none'; sandbox",
      "X-Content-Type-Options",
      "nosniff",
    ],
    body: drawing(id, user),
  };
}

function drawing(id: string, user: SimulatedUser | undefined): string {
  const [first = 0, second = 0, third = 0] = createHash("sha256").update(id).digest();
  const hue = Math.round((first / 255) * 360);
  const back = `hsl(${hue} 45% 38%)`;
  const front = `hsl(${(hue + 40 + (second % 60)) % 360} 60% 70%)`;
  const letter = user === undefined ? "" : initial(user.key);
  const text = `<text x="80" y="104" font-family="system-ui,sans-serif" font-size="72" font-weight="600" fill="#fff" text-anchor="middle">${letter}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" width="320" height="320"><rect width="160" height="160" fill="${back}"/><circle cx="${30 + (third % 100)}" cy="${20 + (second % 120)}" r="${50 + (first % 30)}" fill="${front}" fill-opacity=".45"/>${letter === "" ? "" : text}</svg>`;
}

/** Only a letter or digit is drawn: keys may hold anything. */
function initial(key: string): string {
  return /[A-Za-z0-9]/.exec(key)?.[0].toUpperCase() ?? "";
}
