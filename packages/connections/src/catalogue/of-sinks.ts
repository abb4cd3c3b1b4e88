import type { OwnErrorCode } from "../errors.ts";
import { ownEntry, type CatalogueEntry } from "./entry.ts";

const DELIVERED_AGAIN =
  "Nothing else has to be done: it is delivered again by itself, with longer and longer waits.";

type SinkCode = Extract<OwnErrorCode, `sink_${string}`>;

/** What can happen where tokens are delivered. */
export const OF_SINKS: Readonly<Record<SinkCode, CatalogueEntry>> = {
  sink_address_not_allowed: ownEntry(
    "operator",
    "The address leads to this machine or into a private network. Whoever signs in here must not reach those.",
    [
      "The name leads to a private, local or metadata address.",
      "It did not when it was set up, and does now.",
    ],
    {
      person: ["Use an address of the public internet."],
      operator: ["Set it up with `perennial sinks add`, which may reach them."],
    },
  ),
  sink_auth_failed: ownEntry(
    "person",
    "The place was reached and did not accept the credentials.",
    ["User, password or token is wrong or was changed.", "The user may not write that key."],
    { person: ["Set the sink up again with credentials that may write."] },
  ),
  sink_busy: ownEntry(
    "time",
    "The token is being delivered there at this moment.",
    ["Another delivery is under way."],
    {
      person: ["Try again in a few seconds."],
    },
  ),
  sink_command_failed: ownEntry(
    "operator",
    "The program could not be started, took too long, or ended with an error.",
    [
      "It is not where the sink says, or may not be run.",
      "It failed: its output is not kept, for it may hold the token.",
    ],
    {
      operator: [
        "Run it by hand with the user that Perennial runs as, and a made-up token on its standard input.",
      ],
    },
  ),
  sink_file_unreadable: ownEntry(
    "operator",
    "The file is there, and is not what it should be. It was left as it is.",
    ["It is no well-formed .env or JSON file.", "It is a folder, a link out of its place, or no plain file."],
    { operator: ["Mend the file, or name another one."] },
  ),
  sink_file_unwritable: ownEntry(
    "operator",
    "The file could not be written.",
    ["The folder does not exist.", "Perennial's user may not write there.", "The disk is full."],
    { operator: ["See to the folder, its rights and the disk.", DELIVERED_AGAIN] },
  ),
  sink_interrupted: ownEntry("time", "The process that delivered ended meanwhile.", ["A restart."], {
    person: [DELIVERED_AGAIN],
  }),
  sink_invalid: ownEntry("caller", "The settings are not complete.", ["What is named in the message."], {
    person: ["Fill in what the message names, and save again."],
  }),
  sink_limit_reached: ownEntry(
    "person",
    "A connection may have twenty sinks.",
    ["Old ones were never removed."],
    {
      person: ["Remove one that nobody reads any more."],
    },
  ),
  sink_not_allowed: ownEntry(
    "operator",
    "This kind of sink, or this place, cannot be set up on the web here.",
    [
      "Commands are set up from the command line only.",
      "Files have to lie in a folder that SINK_FOLDERS names.",
    ],
    {
      person: ["Choose another place, or ask whoever runs this site."],
      operator: ["Name the folder in SINK_FOLDERS, or use `perennial sinks add`."],
    },
  ),
  sink_not_found: ownEntry("caller", "There is no such sink, or it is not yours.", ["It was removed."], {
    person: ["Go back to the connection: it lists its sinks."],
  }),
  sink_refused: ownEntry(
    "person",
    "The place was reached, and answered that it does not take the token.",
    ["A webhook answered with something else than 2xx.", "The database is full or read-only."],
    { person: ["Look at its own log.", DELIVERED_AGAIN] },
  ),
  sink_timed_out: ownEntry(
    "time",
    "The place took longer than ten seconds.",
    ["It is overloaded, or hangs."],
    {
      person: ["See that it is well.", DELIVERED_AGAIN],
    },
  ),
  sink_unreachable: ownEntry(
    "time",
    "The place could not be reached.",
    ["It does not run.", "Its name or port is wrong.", "A firewall stands in between."],
    { person: ["See that the address is right and that it runs.", DELIVERED_AGAIN] },
  ),
  sink_unreadable: ownEntry(
    "operator",
    "The sink's settings were sealed with a key that this process does not have.",
    ["The key is missing from TOKEN_KEYS.", "The row was damaged or changed by hand."],
    { person: ["Set the sink up again."], operator: ["Put the key back into TOKEN_KEYS and restart."] },
  ),
};
