import { TestBrowser } from "@perennial/api/testing";
import {
  freePort,
  openTestWorld,
  startAppProcess,
  type AppProcess,
  type TestWorld,
} from "@perennial/runtime/testing";

/** Several api and worker processes over one database, with a simulator in this process. */
export type Fleet = AsyncDisposable & {
  readonly world: TestWorld;
  readonly apis: readonly AppProcess[];
  readonly workers: readonly AppProcess[];
  /** What processes ended before they were told to. */
  readonly exits: readonly string[];
  /** How often each HTTP status was answered, over all browsers. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers of 503 that did not say when to come again. */
  readonly unexplained: readonly string[];
  /** Adds somebody to the simulator who has no account anywhere yet; gives their key. */
  addGuest(): string;
  /** A browser whose requests all go to one api. */
  newBrowser(api: number): TestBrowser;
  /** Tells every process to stop, and answers the exit codes. */
  stop(): Promise<(number | null)[]>;
};

/** How many of what; SQLite in a file of its own unless an address is given. */
export type FleetOptions = {
  databaseUrl?: string;
  apis: number;
  workers: number;
  environment?: Record<string, string>;
  /** Made before the processes start: what they find. */
  prepare?: (world: TestWorld) => Promise<void>;
};

/** Sweeps each second, so that what a restart cut off is taken up again soon. */
const EACH_SECOND = "* * * * * *";

/** Starts a fleet, each process with a port of its own. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  await using stack = new AsyncDisposableStack();
  const databaseUrl = options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl };
  const world = stack.use(await openTestWorld({ environment: { ...databaseUrl, ...options.environment } }));
  await options.prepare?.(world);
  const exits: string[] = [];
  const statuses = new Map<number, number>();
  const unexplained: string[] = [];
  let isStopping = false;
  stack.defer(() => {
    isStopping = true;
  });

  const start = async (app: string, ports: Record<string, string>, sign: string): Promise<AppProcess> => {
    const environment = { ...world.environment, LOG_LEVEL: "info", REFRESH_CRON: EACH_SECOND, ...ports };
    const child = stack.use(startAppProcess(app, { ...environment, ...options.environment }));
    void child.exited.then(({ code, signal }) => {
      if (!isStopping) exits.push(`${app} ended with ${code ?? signal}: ${child.lines.slice(-3).join("\n")}`);
    });
    await child.lineWith(sign);
    return child;
  };
  const ports = await Promise.all(
    Array.from({ length: options.apis + options.workers }, () => freePort().then(String)),
  );
  const [apis, workers] = await Promise.all([
    Promise.all(
      ports.slice(0, options.apis).map((port) => start("api", { API_PORT: port }, "api.listening")),
    ),
    Promise.all(
      ports.slice(options.apis).map((port) => start("worker", { WORKER_PORT: port }, "worker.started")),
    ),
  ]);

  const ask = async (port: string, request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const answer = await fetch(new Request(`http://127.0.0.1:${port}${url.pathname}${url.search}`, request));
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 503 && !(Number(answer.headers.get("retry-after")) > 0))
      unexplained.push(url.pathname);
    return answer;
  };
  const processes = [...apis, ...workers];
  const owned = stack.move();
  let guests = 0;
  return {
    world,
    apis,
    workers,
    exits,
    statuses,
    unexplained,
    addGuest: () => {
      const key = `guest-${(guests += 1)}`;
      world.sim.users.add({ key, username: key, name: key });
      return key;
    },
    newBrowser: (api) => {
      const port = ports[api];
      if (port === undefined || api >= apis.length) throw new RangeError("There is no such api.");
      return new TestBrowser((request) => ask(port, request), world.config.appUrl);
    },
    stop: async () => {
      isStopping = true;
      for (const child of processes) child.signal("SIGTERM");
      return Promise.all(processes.map(async ({ exited }) => (await exited).code));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
