import type { ConnectionErrorCode } from "../errors.ts";
import type { Explanation } from "../explanations.ts";

/** What is said of the places that tokens are delivered to. */
export const OF_SINKS: Readonly<Record<Extract<ConnectionErrorCode, `sink_${string}`>, Explanation>> = {
  sink_address_not_allowed: {
    message: "The address leads into a private network, which this site does not reach for you.",
    cure: "Use an address of the public internet, or ask whoever runs this site to set the sink up.",
    retryable: false,
  },
  sink_auth_failed: {
    message: "The place where the token is read did not accept the credentials.",
    cure: "Set the sink up again with a user, password or token that may write.",
    retryable: false,
  },
  sink_busy: {
    message: "The token is being delivered there at this moment.",
    cure: "Try again in a few seconds.",
    retryable: true,
  },
  sink_command_failed: {
    message: "The program that takes the token could not be started, or ended with an error.",
    cure: "Run it by hand with the user that Perennial runs as, and mend what it complains about.",
    retryable: true,
  },
  sink_file_unreadable: {
    message: "The file is not what it should be: a plain file, whole and well-formed.",
    cure: "Mend the file, or name another one; nothing in it was changed.",
    retryable: true,
  },
  sink_file_unwritable: {
    message: "The file could not be written.",
    cure: "See that the folder exists and that Perennial may write to it, and that the disk is not full.",
    retryable: true,
  },
  sink_interrupted: {
    message: "The delivery was interrupted, because the process that made it ended.",
    cure: "Nothing has to be done: it is made again at once.",
    retryable: true,
  },
  sink_invalid: {
    message: "The settings of this sink are not complete.",
    cure: "Look at what they should be, and save it again.",
    retryable: false,
  },
  sink_limit_reached: {
    message: "This connection has 20 sinks, which is as many as it may have.",
    cure: "Remove one that is not read any more.",
    retryable: false,
  },
  sink_not_allowed: {
    message: "This sink cannot be set up here.",
    cure: "Choose another place, or ask whoever runs this site to set it up from the command line.",
    retryable: false,
  },
  sink_not_found: {
    message: "There is no such sink.",
    cure: "Go back to the sinks of this connection.",
    retryable: false,
  },
  sink_refused: {
    message: "The place where the token is read was reached, and refused it.",
    cure: "Look at its own log; it is tried again until it accepts.",
    retryable: true,
  },
  sink_timed_out: {
    message: "The place where the token is read took longer than ten seconds.",
    cure: "See that it is well; it is tried again.",
    retryable: true,
  },
  sink_unreachable: {
    message: "The place where the token is read could not be reached.",
    cure: "See that its address is right and that it is running; it is tried again.",
    retryable: true,
  },
  sink_unreadable: {
    message: "The settings of this sink cannot be read with the keys that are there.",
    cure: "Put the key back into TOKEN_KEYS, or set the sink up again.",
    retryable: false,
  },
};
