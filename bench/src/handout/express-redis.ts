// A token out of Redis as a plain Express server hands it out: no key, no scopes, no limits, no log, no seal.
import { createClient } from "@redis/client";
import express, { type NextFunction, type Response } from "express";

const { REDIS_URL, PORT } = process.env as Record<string, string>;

const redis = createClient({ url: REDIS_URL ?? "" });
redis.on("error", (error: unknown) => console.error(error));
await redis.connect();
const app = express();

async function handOut(id: string, response: Response, next: NextFunction): Promise<void> {
  try {
    const token = await redis.get(`token:${id}`);
    if (token === null) response.status(404).json({ error: "There is no token." });
    else response.json({ access_token: token });
  } catch (error) {
    next(error);
  }
}

app.get("/token/:id", (request, response, next) => void handOut(request.params.id, response, next));

app.get("/healthz", (_request, response) => {
  response.json({ status: "ok" });
});

app.listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
