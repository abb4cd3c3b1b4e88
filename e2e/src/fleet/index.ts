export { insertDueConnections, type WaitingConnections } from "./due-connections.ts";
export { startFleet, type Fleet, type FleetOptions } from "./fleet.ts";
export { keepSigningIn, type SignInReport, type SigningIn } from "./keep-signing-in.ts";
export { awaitRefreshes, countRefreshes, refreshesOf, type RefreshReport } from "./refreshes.ts";
export { instantIn, runOn } from "./run-on.ts";
export { lostSignIns, restartUnderLoad } from "./restarts.ts";
