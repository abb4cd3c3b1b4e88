import {
  ConnectionError,
  type ApiKeyAction,
  type Connections,
  type KeyRefusal,
  type KeyVisit,
  type ReadyHandOut,
  type RefreshResult,
} from "@perennial/connections";
import type { Config, Log } from "@perennial/runtime";
import type { z } from "zod";

import { admit, perMinute, placeOf, type TooManyRequests } from "../limits.ts";
import { isDatabaseAway, isMoving } from "../unavailability.ts";
import type { Answer } from "../node-answer.ts";
import { json, refusal } from "./answer.ts";
import { noQuery, refreshRequest, tokenQuery, type refreshBody } from "./schemas.ts";
import { createReadyAnswers, isNamed, tokenAnswer, unchangedAnswer } from "./token-answer.ts";
import { wireConnection } from "./wire.ts";

/** A request to /v1, whichever server took it. */
export type ApiRequest = {
  requestId: string;
  /** What stands after the `?`, as it arrived. */
  query: string;
  authorization: string | undefined;
  ifNoneMatch: string | undefined;
  /** Canonical; null where nobody can say. */
  address: string | null;
};

/** What /v1 answers. */
export type Service = {
  list(request: ApiRequest): Promise<Answer>;
  get(request: ApiRequest, connectionId: string): Promise<Answer>;
  /** At once where it can be. */
  token(request: ApiRequest, connectionId: string): Answer | Promise<Answer>;
  refresh(request: ApiRequest, connectionId: string, body: string): Promise<Answer>;
};

/** How often, for all keys of a user or of an address together, as a multiple of what one key may. */
const OF_USER = 5;
/** A refresh is dear to Instagram: one key may ask for a twentieth of the rest. */
const REFRESH_PART = 20;
/** Requests without a good key, from one address in a minute. */
const REFUSED_KEYS = 60;

/** Binds /v1 to the use cases. Every request reads its key anew, so a revoked one is refused at once. */
export function createService(connections: Connections, log: Log, limits: Config["limits"]): Service {
  const { visits, limiter } = connections;
  // Ids only: to look through each of these lines for secrets costs as much as to write it.
  const audit = log.child({}, { redact: [] });
  const readTokenQuery = createTokenQueryReader();
  const readyAnswers = createReadyAnswers();
  const most: Record<ApiKeyAction, number> = {
    read: limits.apiRequests,
    token: limits.apiRequests,
    refresh: Math.max(1, Math.floor(limits.apiRequests / REFRESH_PART)),
  };

  const admitKey = (
    { keyId, userId }: Pick<KeyVisit, "keyId" | "userId">,
    action: ApiKeyAction,
    address: string | null,
  ) =>
    admit(limiter, [
      perMinute(`v1 ${action} ${keyId}`, most[action]),
      perMinute(`v1 ${userId}`, limits.apiRequests * OF_USER),
      perMinute(`v1 ${placeOf(address)}`, limits.apiRequests * OF_USER),
    ]);

  const refuseKey = async ({ code, at }: KeyRefusal, { requestId, address }: ApiRequest): Promise<Answer> => {
    const isGuess = code === "key_invalid" || code === "key_missing";
    const tooMany = isGuess
      ? await admit(limiter, [perMinute(`v1 refused ${placeOf(address)}`, REFUSED_KEYS)])
      : null;
    return tooMany === null ? refusal(code, requestId, { at }) : tooOften(tooMany, requestId);
  };

  /** What went wrong on our side, in the shape of the rest. */
  const failed = (requestId: string, error: unknown): Answer => {
    if (error instanceof ConnectionError) return refusal(error.code, requestId);
    if (isDatabaseAway(error) || isMoving(error)) {
      log.warn({ event: "api.unavailable", requestId, err: error }, "the database is away or busy");
      return refusal("unavailable", requestId);
    }
    log.error({ event: "api.failed", requestId, err: error }, "a request failed");
    return refusal("internal", requestId);
  };

  const guarded = async (requestId: string, answer: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await answer();
    } catch (error) {
      return failed(requestId, error);
    }
  };

  const noteHandOut = (requestId: string, keyId: string, connectionId: string, result: string): void =>
    audit.info({ event: "token.handed_out", requestId, keyId, connectionId, result }, "handed out");

  const handOut = (request: ApiRequest, connectionId: string): Promise<Answer> =>
    guarded(request.requestId, async () => {
      const { requestId, ifNoneMatch } = request;
      const visit = await visits.toConnection({ ...presented(request), action: "token", connectionId });
      if (visit.kind === "refused") return await refuseKey(visit, request);
      const tooMany = await admitKey(visit, "token", request.address);
      if (tooMany !== null) return tooOften(tooMany, requestId);
      const query = readTokenQuery(request.query);
      if (query === null) return refusal("bad_request", requestId);
      const isKnown = (version: number): boolean => isNamed(ifNoneMatch, version);
      const result = await visit.handOut({ scopes: query.scopes ?? [], isKnown, asked: request.query });
      if (result.kind === "refused") return refusal(result.code, requestId, result);
      noteHandOut(requestId, visit.keyId, connectionId, result.kind);
      return result.kind === "unchanged"
        ? unchangedAnswer(result.version, result.maxCacheSeconds)
        : tokenAnswer(result);
    });

  /** The short way: all in one turn, but where permits have to be fetched first. */
  const handOutReady = (request: ApiRequest, ready: ReadyHandOut): Answer | Promise<Answer> => {
    const { requestId, ifNoneMatch } = request;
    const answer = (tooMany: TooManyRequests | null): Answer => {
      if (tooMany !== null) return tooOften(tooMany, requestId);
      const { id, version } = ready.connection;
      const isUnchanged = isNamed(ifNoneMatch, version);
      noteHandOut(requestId, ready.keyId, id, isUnchanged ? "unchanged" : "token");
      return isUnchanged
        ? unchangedAnswer(version, ready.maxCacheSeconds)
        : readyAnswers(ready, connections.now());
    };
    const tooMany = admitKey(ready, "token", request.address);
    if (tooMany instanceof Promise) return guarded(requestId, async () => answer(await tooMany));
    try {
      return answer(tooMany);
    } catch (error) {
      return failed(requestId, error);
    }
  };

  return {
    list: (request) =>
      guarded(request.requestId, async () => {
        const visit = await visits.toAll({ ...presented(request), action: "read" });
        if (visit.kind === "refused") return await refuseKey(visit, request);
        const tooMany = await admitKey(visit, "read", request.address);
        if (tooMany !== null) return tooOften(tooMany, request.requestId);
        if (read(noQuery, request.query) === null) return refusal("bad_request", request.requestId);
        const views = await visit.list();
        return json(200, {
          connections: views.map(wireConnection),
          fetched_at: connections.now().toISOString(),
        });
      }),

    get: (request, connectionId) =>
      guarded(request.requestId, async () => {
        const visit = await visits.toConnection({ ...presented(request), action: "read", connectionId });
        if (visit.kind === "refused") return await refuseKey(visit, request);
        const tooMany = await admitKey(visit, "read", request.address);
        if (tooMany !== null) return tooOften(tooMany, request.requestId);
        if (read(noQuery, request.query) === null) return refusal("bad_request", request.requestId);
        return json(200, wireConnection(visit.view()));
      }),

    token: (request, connectionId) => {
      const { secret } = presented(request);
      const ready = visits.ready({ secret, connectionId, asked: request.query });
      return ready === null ? handOut(request, connectionId) : handOutReady(request, ready);
    },

    refresh: (request, connectionId, body) =>
      guarded(request.requestId, async () => {
        const { requestId } = request;
        const visit = await visits.toConnection({ ...presented(request), action: "refresh", connectionId });
        if (visit.kind === "refused") return await refuseKey(visit, request);
        const tooMany = await admitKey(visit, "refresh", request.address);
        if (tooMany !== null) return tooOften(tooMany, requestId);
        const asked = refreshRequest.safeParse(parsed(body));
        if (!asked.success || read(noQuery, request.query) === null) return refusal("bad_request", requestId);
        const result = await visit.refresh(asked.data.force);
        const reconnectUrl = result.kind === "reconnect_required" ? await visit.reconnectUrl() : null;
        return refreshAnswer(result, requestId, reconnectUrl, connections.now());
      }),
  };
}

function presented({ authorization, address, requestId }: ApiRequest): {
  secret: string | null;
  address: string | null;
  requestId: string;
} {
  const isBearer = authorization !== undefined && /^bearer /i.test(authorization);
  const secret = isBearer ? authorization.slice("bearer ".length).trim() : null;
  return { secret, address, requestId };
}

function tooOften({ retryAfterSeconds }: TooManyRequests, requestId: string): Answer {
  return refusal("too_many_requests", requestId, { retryAfterSeconds });
}

/** The parameters by their schema; null when there are others, one comes twice, or one is malformed. */
function read<Schema extends z.ZodType<object>>(schema: Schema, query: string): z.infer<Schema> | null {
  const entries = query === "" ? [] : [...new URLSearchParams(query)];
  const parameters = new Map(entries);
  if (parameters.size !== entries.length) return null;
  const result = schema.safeParse(Object.fromEntries(parameters));
  return result.success ? result.data : null;
}

/** Queries that are remembered: callers ask with the same ones again and again. */
const MOST_QUERIES = 200;

function createTokenQueryReader(): (query: string) => z.infer<typeof tokenQuery> | null {
  const known = new Map<string, z.infer<typeof tokenQuery>>();
  return (query) => {
    const seen = known.get(query);
    if (seen !== undefined) return seen;
    const parameters = read(tokenQuery, query);
    if (parameters !== null && known.size < MOST_QUERIES) known.set(query, parameters);
    return parameters;
  };
}

/** A body as JSON; an empty one is an empty object, and what is no JSON no schema takes. */
function parsed(body: string): unknown {
  if (body.trim() === "") return {};
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refreshAnswer(
  result: RefreshResult,
  requestId: string,
  reconnectUrl: string | null,
  now: Date,
): Answer {
  const waitSeconds = (until: Date) => Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  const answered = (body: z.infer<typeof refreshBody>, status = 200): Answer => json(status, body);
  switch (result.kind) {
    case "refreshed":
      return answered({ result: "refreshed", expires_at: result.expiresAt.toISOString() });
    case "not_due":
      return answered({
        result: "not_due",
        expires_at: result.expiresAt.toISOString(),
        refreshable_at: result.dueAt.toISOString(),
      });
    case "too_young":
      return answered({ result: "too_young", refreshable_at: result.refreshableAt.toISOString() });
    case "in_progress":
      return answered({ result: "in_progress" }, 202);
    case "superseded":
      return answered({ result: "superseded" });
    case "reconnect_required":
      return refusal(result.code, requestId, { reconnectUrl, at: now });
    case "failed":
      return refusal(result.code, requestId, {
        status: 502,
        retryAfterSeconds: waitSeconds(result.nextRefreshAt),
      });
    case "paused":
      return refusal(result.code, requestId, {
        status: 503,
        retryAfterSeconds: waitSeconds(result.nextProbeAt),
      });
  }
}
