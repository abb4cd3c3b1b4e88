export { killAfterReplies, type CallbackKills } from "./kill-after-reply.ts";
export { stormOfCallbacks, type SignInTimes, type StormReport } from "./storm.ts";
