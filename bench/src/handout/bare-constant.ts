// The most that Node's own server can do: the same answer to everybody, with nothing looked up, opened or checked.
import { createServer } from "node:http";

const { BODY = "", PORT } = process.env as Record<string, string>;
const HEADERS = { "content-type": "application/json", "content-length": Buffer.byteLength(BODY) };

createServer((_request, response) => {
  response.writeHead(200, HEADERS);
  response.end(BODY);
}).listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
