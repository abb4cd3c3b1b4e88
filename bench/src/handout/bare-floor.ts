// The least that a hand-out of a sealed token can cost: Node's own server, one prepared statement, one decryption.
import Database from "better-sqlite3";
import { createDecipheriv, createSecretKey } from "node:crypto";
import { createServer } from "node:http";

const { DATABASE_FILE, KEY, PORT } = process.env as Record<string, string>;

const database = new Database(DATABASE_FILE, { readonly: true });
const find = database.prepare<[string], { nonce: Buffer; sealed: Buffer }>(
  "SELECT nonce, sealed FROM tokens WHERE id = ?",
);
const key = createSecretKey(Buffer.from(KEY ?? "", "base64"));

createServer((request, response) => {
  const id = (request.url ?? "").slice("/token/".length);
  const row = find.get(id);
  if (row === undefined) {
    response.writeHead(request.url === "/healthz" ? 200 : 404).end();
    return;
  }
  const decipher = createDecipheriv("aes-256-gcm", key, row.nonce, { authTagLength: 16 }).setAuthTag(
    row.sealed.subarray(-16),
  );
  const token = decipher.update(row.sealed.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
  const body = JSON.stringify({ access_token: token });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}).listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
