/** Every procedure that changes something. */
export const MUTATIONS = [
  "account.export",
  "account.erase",
  "auth.begin",
  "auth.complete",
  "auth.resume",
  "auth.signOut",
  "connections.refresh",
  "connections.disconnect",
  "keys.create",
  "keys.revoke",
  "simulator.advance",
  "sinks.save",
  "sinks.remove",
  "sinks.test",
];
