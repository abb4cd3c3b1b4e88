// Fetches a token from Perennial and keeps it for as long as Perennial says. Needs Node 18 or newer, nothing else.
const { PERENNIAL_URL = "http://localhost:5173", PERENNIAL_KEY = "", CONNECTION_ID = "" } = process.env;

type Kept = { token: string; etag: string; keepUntilMs: number };

let kept: Kept | null = null;

/** A token that works. Throws when only a person can help: the message says why and where. */
export async function getToken(): Promise<string> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    if (kept !== null && Date.now() < kept.keepUntilMs) return kept.token;
    const answer = await fetch(`${PERENNIAL_URL}/v1/connections/${CONNECTION_ID}/token`, {
      headers: {
        authorization: `Bearer ${PERENNIAL_KEY}`,
        ...(kept === null ? {} : { "if-none-match": kept.etag }),
      },
    });
    const keepUntilMs = Date.now() + Number(answer.headers.get("x-max-cache-seconds") ?? 0) * 1000;
    if (answer.status === 304 && kept !== null) {
      kept.keepUntilMs = keepUntilMs;
      return kept.token;
    }
    const body = await answer.json();
    if (answer.ok) {
      kept = { token: body.access_token, etag: answer.headers.get("etag") ?? "", keepUntilMs };
      return kept.token;
    }
    if (answer.status === 429 || answer.status === 503) {
      const waitSeconds = Number(answer.headers.get("retry-after") ?? 5);
      await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
      continue;
    }
    kept = null; // 409: it is dead. Whoever can reconnect the account should be sent the link.
    const { code, message, cure, reconnect_url: link = "" } = body.error;
    throw new Error(`${code}: ${message} ${cure} ${link}`);
  }
  throw new Error("Perennial asked for a pause four times in a row.");
}

const first = await getToken();
const second = await getToken(); // out of the cache, or by a 304
console.log(first === second ? `a token of ${first.length} characters` : "the token was renewed in between");
