// The sign-in chain as a plain Express server does it: four fetch calls in sequence, one row upserted, a JWT
// signed. It knows nothing of states, seals, group commits or failures; it is what `pnpm bench signin` compares with.
import Database from "better-sqlite3";
import express, { type NextFunction, type Request, type Response } from "express";
import jwt from "jsonwebtoken";

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API_ORIGIN, GRAPH_ORIGIN, JWT_SECRET, DATABASE_FILE, PORT } =
  process.env as Record<string, string>;

const SESSION_LIFETIME_SECONDS = 7 * 24 * 3600;
const IDENTITY_FIELDS = "id,user_id,username,account_type";
const DETAIL_FIELDS = "name,profile_picture_url,followers_count,follows_count,media_count,biography,website";

type ShortLivedAnswer = { access_token: string; user_id: number; permissions: string[] };
type LongLivedAnswer = { access_token: string; expires_in: number };
type IdentityAnswer = { id: number; user_id: number; username: string; account_type: string };
type DetailsAnswer = {
  name?: string;
  profile_picture_url?: string;
  followers_count?: number;
  follows_count?: number;
  media_count?: number;
};

const database = new Database(DATABASE_FILE);
// Set to nothing, SQLite keeps a rollback journal and syncs at every commit. Of a write-ahead log better-sqlite3 syncs
// checkpoints alone (NORMAL) unless it is told otherwise.
for (const setting of (process.env["PRAGMAS"] ?? "").split(";").filter(Boolean)) database.pragma(setting);
database.exec(`CREATE TABLE IF NOT EXISTS users (
  instagram_id TEXT PRIMARY KEY, app_scoped_id TEXT, username TEXT NOT NULL, account_type TEXT, name TEXT,
  picture_url TEXT, followers_count INTEGER, follows_count INTEGER, media_count INTEGER, permissions TEXT,
  access_token TEXT NOT NULL, expires_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)`);
const upsertUser = database.prepare(`INSERT INTO users VALUES (
  @instagramId, @appScopedId, @username, @accountType, @name, @pictureUrl, @followersCount, @followsCount,
  @mediaCount, @permissions, @accessToken, @expiresAt, @updatedAt)
  ON CONFLICT (instagram_id) DO UPDATE SET username = excluded.username, account_type = excluded.account_type,
  name = excluded.name, picture_url = excluded.picture_url, followers_count = excluded.followers_count,
  follows_count = excluded.follows_count, media_count = excluded.media_count, permissions = excluded.permissions,
  access_token = excluded.access_token, expires_at = excluded.expires_at, updated_at = excluded.updated_at`);

async function getJson<Answer>(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`Instagram answered with HTTP ${response.status}.`);
  return (await response.json()) as Answer;
}

async function fetchDetails(accessToken: string): Promise<DetailsAnswer> {
  try {
    const query = new URLSearchParams({ fields: DETAIL_FIELDS, access_token: accessToken });
    return await getJson<DetailsAnswer>(`${GRAPH_ORIGIN}/v26.0/me?${query.toString()}`);
  } catch {
    return {}; // nice to have
  }
}

type User = { id: string; username: string };

/** The chain, from the code to the row. */
async function signIn(code: string): Promise<User> {
  const shortLived = await getJson<ShortLivedAnswer>(`${API_ORIGIN}/oauth/access_token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: CLIENT_ID ?? "",
      client_secret: CLIENT_SECRET ?? "",
      grant_type: "authorization_code",
      redirect_uri: REDIRECT_URI ?? "",
      code,
    }),
  });
  const exchange = new URLSearchParams({
    grant_type: "ig_exchange_token",
    client_secret: CLIENT_SECRET ?? "",
    access_token: shortLived.access_token,
  });
  const longLived = await getJson<LongLivedAnswer>(`${GRAPH_ORIGIN}/access_token?${exchange.toString()}`);
  const query = new URLSearchParams({ fields: IDENTITY_FIELDS, access_token: longLived.access_token });
  const identity = await getJson<IdentityAnswer>(`${GRAPH_ORIGIN}/v26.0/me?${query.toString()}`);
  const details = await fetchDetails(longLived.access_token);

  const instagramId = String(identity.user_id);
  upsertUser.run({
    instagramId,
    appScopedId: String(identity.id),
    username: identity.username,
    accountType: identity.account_type,
    name: details.name ?? null,
    pictureUrl: details.profile_picture_url ?? null,
    followersCount: details.followers_count ?? null,
    followsCount: details.follows_count ?? null,
    mediaCount: details.media_count ?? null,
    permissions: shortLived.permissions.join(","),
    accessToken: longLived.access_token,
    expiresAt: Date.now() + longLived.expires_in * 1000,
    updatedAt: Date.now(),
  });
  return { id: instagramId, username: identity.username };
}

async function callback(request: Request, response: Response, next: NextFunction): Promise<void> {
  const { code } = request.query;
  if (typeof code !== "string") {
    response.status(400).json({ error: "There is no code." });
    return;
  }
  try {
    const user = await signIn(code);
    const session = jwt.sign({ sub: user.id, username: user.username }, JWT_SECRET ?? "", {
      expiresIn: SESSION_LIFETIME_SECONDS,
    });
    const maxAge = SESSION_LIFETIME_SECONDS * 1000;
    response.cookie("session", session, { httpOnly: true, sameSite: "lax", maxAge });
    response.json({ user });
  } catch (error) {
    next(error);
  }
}

const app = express();

app.get("/auth/instagram/callback", (request, response, next) => void callback(request, response, next));

app.get("/healthz", (_request, response) => {
  const read = (pragma: string): unknown => database.pragma(pragma, { simple: true });
  response.json({ status: "ok", journalMode: read("journal_mode"), synchronous: read("synchronous") });
});

app.listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
