import type { BackupErrorCode, MoveErrorCode, StoreErrorCode } from "@perennial/db";

import type { KeyRotationErrorCode } from "../keys/errors.ts";
import { entryInShort, type CatalogueEntry } from "./entry.ts";

const STOP_SERVERS = "Stop api and worker first; one counts as running for 30 seconds after it was killed.";
const SEE_HELP = "See `--help` of the command.";

const typed = (meaning: string, cause: string, step = SEE_HELP): CatalogueEntry =>
  entryInShort("caller", meaning, cause, step);
const operators = (meaning: string, cause: string, step: string): CatalogueEntry =>
  entryInShort("operator", meaning, cause, step);

/** What was typed, and cannot be meant. */
export const OF_TYPING = {
  usage: typed(
    "The command does not take what was typed.",
    "An option or an argument that it does not know.",
  ),
  code_missing: typed(
    "A sign-in at the terminal ends with a code, and none was given.",
    "Something else than the redirect address was pasted.",
    "Paste the whole address that the browser was sent to.",
  ),
  connection_ambiguous: typed(
    "Several connections go by that name.",
    "Two users connected accounts of the same name.",
    "Name the connection by its id: `perennial status` lists them.",
  ),
  days_invalid: typed("A number of days is a whole one.", "A fraction, a word, or nothing was typed."),
  flavour_missing: entryInShort(
    "operator",
    "There is no login to sign in with.",
    "Neither app is set up.",
    "Run `perennial doctor`, and set the app of one login.",
  ),
  kind_invalid: typed("There are no events of that kind.", "The kind was mistyped."),
  limit_invalid: typed("A limit is a whole number within bounds.", "It is too large, or none."),
  replay_missing: typed(
    "The file to replay cannot be read.",
    "It is not there, or of somebody else.",
    "Name the file that was exported, one that you may read.",
  ),
  replay_unreadable: typed(
    "The file is not an attempt that was exported.",
    "Another file, or one of another version.",
    "Export the attempt where the failure is shown, and name that file.",
  ),
  replay_without_simulator: typed(
    "A replay needs the simulator, which a production installation is without.",
    "The command was run on a server.",
    "Replay the file where the sources are. It names nobody.",
  ),
  secret_unplaced: typed(
    "The secret of a new key is shown once, and nobody said where.",
    "The output is no terminal.",
    "Add `--output` with a file, or `--reveal` to print it.",
  ),
  since_invalid: typed("A beginning is a stretch of time or an instant.", "It was written otherwise."),
  user_not_named: typed(
    "It is not said whose connections are meant.",
    "There are several users.",
    "Name one: `perennial users` lists them.",
  ),
} as const satisfies Record<string, CatalogueEntry>;

/** A code of {@link OF_TYPING}. */
export type TypingFaultCode = keyof typeof OF_TYPING;

/** What commands can end with beside the codes of the use cases. */
export type CommandFaultCode =
  | TypingFaultCode
  | "configuration"
  | "simulator_away"
  | "unexpected"
  | `database_${StoreErrorCode}`
  | `move_${MoveErrorCode}`
  | `backup_${BackupErrorCode}`
  | KeyRotationErrorCode;

/** An entry for each. */
export const OF_COMMANDS: Readonly<Record<CommandFaultCode, CatalogueEntry>> = {
  ...OF_TYPING,
  configuration: operators(
    "Perennial does not start with these settings. Every one that is wrong is named.",
    "A variable is missing, mistyped, or fits no other.",
    "Run `perennial doctor`: it says of each what to do.",
  ),
  simulator_away: operators(
    "The simulator is to play Instagram, and does not answer.",
    "It was not started.",
    "Start it with `npx pnpm@12 simulator`, or everything with `npx pnpm@12 dev`.",
  ),
  unexpected: operators(
    "Something went wrong that nobody foresaw.",
    "A fault in Perennial.",
    "Report what the command printed.",
  ),

  database_busy: entryInShort(
    "time",
    "Somebody else held the database for too long.",
    "A long write, such as a restore, is under way.",
    "Run the command again in a moment.",
  ),
  database_unavailable: entryInShort(
    "time",
    "The database cannot be reached.",
    "It is stopped, its disk is full, or the network to it is cut.",
    "See that it runs; `perennial doctor` opens it, too.",
  ),
  database_schema_newer: operators(
    "The database was used by a later version of Perennial.",
    "An older version was started on it.",
    "Start the later version again.",
  ),
  database_corrupt: operators(
    "The database is damaged.",
    "A disk that fails, or a file that was copied while it was written to.",
    "Restore the last backup: `perennial restore`.",
  ),
  database_moved: operators(
    "The database is being moved or was moved: it can be read, and not written.",
    "DATABASE_URL still names the old address.",
    "Finish the move, then set DATABASE_URL to the new address.",
  ),

  move_at_work: operators("Somebody uses the database that is to be moved.", "Servers run.", STOP_SERVERS),
  move_foreign_target: operators(
    "The target holds rows that the source does not know, and would lose them.",
    "It is another installation's.",
    "Move into an empty database.",
  ),
  move_same_database: operators(
    "Both addresses lead to one database, or to a copy of it.",
    "An address was copied.",
    "Name an empty database as the target.",
  ),
  move_wrong_house: operators(
    "The databases are not the two ends of one move.",
    "Another move was begun, or this one was finished.",
    "Read the sentence beside the code: it says which of them.",
  ),
  move_token_unreadable: operators(
    "Tokens do not open with the keys that are set.",
    "TOKEN_KEYS lacks a key that the database was used with.",
    "Bring the key back into TOKEN_KEYS, and run the command again.",
  ),
  move_differs: operators(
    "After the copy, the two databases are not alike.",
    "Somebody wrote to the target meanwhile.",
    "Run the same command again: it mends the rows, and compares again.",
  ),
  move_taken_over: operators(
    "Somebody else carries on with this move, or has given it up.",
    "The command was run twice.",
    "Leave it to the other one, or run the command again once that has ended.",
  ),

  backup_exists: operators(
    "There is a file of that name already.",
    "A backup was made there before.",
    "Take another name, or add `--force`.",
  ),
  backup_missing: operators("There is no such file.", "A path was mistyped.", "Look at the path."),
  backup_damaged: operators(
    "The file is no backup, or not the whole of one. Nothing in it can be relied on.",
    "It was cut off on its way, or is another file.",
    "Fetch it again, or take an earlier one.",
  ),
  backup_newer: operators(
    "A later version of Perennial made the backup.",
    "This machine has an older version.",
    "Restore it with the version that made it, or a later one.",
  ),
  backup_older_source: operators(
    "The database is of an older version.",
    "Perennial was updated and not started since.",
    "Start this version on it once, or back it up with the older one.",
  ),
  backup_not_empty: operators(
    "The database to restore into holds something.",
    "It is in use, or an earlier restore was cut off.",
    "Take an empty one, finish the earlier restore, or add `--force`.",
  ),
  backup_at_work: operators("Somebody uses the database.", "Servers run.", STOP_SERVERS),
  backup_wrong_house: operators(
    "The database is one end of a move.",
    "A move was begun or finished.",
    "Finish the move, or restore into an empty database.",
  ),
  backup_web_root: operators(
    "Everybody could fetch a backup from that folder: the web app is served from it.",
    "The path lies within the built web app.",
    "Take a folder outside of it.",
  ),

  key_unknown: operators(
    "There is no such key among those of this installation.",
    "Its id was mistyped, or it was retired and cannot seal again.",
    "See `perennial rotate-keys`.",
  ),
  key_sealing: operators(
    "The key seals new tokens: it cannot be retired.",
    "It stands first in TOKEN_KEYS.",
    "Put another key first, restart, and rewrap.",
  ),
  key_needed: operators(
    "Tokens are sealed with the key still.",
    "They were not rewrapped yet.",
    "Rewrap first: `perennial rotate-keys --rewrap`.",
  ),
  key_in_use: operators(
    "A running server seals with the key still.",
    "It was not restarted since another key stands first.",
    "Restart it, then run the command again.",
  ),
  key_not_everywhere: operators(
    "A running server lacks the new key, and could not open what it seals.",
    "It was not restarted with the new TOKEN_KEYS.",
    "Restart it with the key in TOKEN_KEYS, then run the command again.",
  ),
  key_id_unusable: operators(
    "A new key needs an id that nothing was sealed under before.",
    "The id is in use, was in use, or has other signs than letters, digits, _ and -.",
    "Take another id.",
  ),
};
