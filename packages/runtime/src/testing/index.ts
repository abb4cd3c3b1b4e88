export { startAppProcess, type AppProcess } from "./app-process.ts";
export { connect } from "./connect.ts";
export { BROKEN_SETTINGS, soundProductionEnvironment } from "./environments.ts";
export { freePort } from "./free-port.ts";
export { inheritedEnvironment } from "./inherited-environment.ts";
export { openTestWorld, type TestWorld } from "./test-world.ts";
export { startReceiver, type Received, type Receiver } from "./receiver.ts";
export { hasRedisServer, startRedisServer, type RedisServer } from "./redis-server.ts";
