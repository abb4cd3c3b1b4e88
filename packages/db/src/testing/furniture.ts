import type { MovedRows, MovedTable } from "../move/rows.ts";

/** What a database is filled with. */
export type Furniture = {
  connections: number;
  /** The same seed gives the same rows. */
  seed?: number;
  /** Seals a token for a connection; a text in the place of a seal unless given. */
  sealFor?: (connectionId: string, flavour: string) => string;
  /** The same for the settings of a sink. */
  sealSinkFor?: ((sinkId: string) => string) | undefined;
  /** The same for what a person may choose from, by the id of the attempt. */
  sealChoiceFor?: ((attemptId: string, flavour: string) => string) | undefined;
  keyChecks?: { keyId: string; sealed: string }[];
};

/** The rows of a part of the house. */
export type Rows = { [Table in MovedTable]: MovedRows[Table][] };

/** Whom further rows are about. */
export type Trace = {
  number: number;
  id: string;
  user: { id: string };
  connectionId: string;
  flavour: MovedRows["connections"]["flavour"];
  at: (days: number) => Date;
} & Pick<Furniture, "sealSinkFor" | "sealChoiceFor">;

/** What people and their keys are called. */
export const NAMES = [
  "Ana",
  "日本の花屋",
  "Zoë 🌻 Studio",
  'O\'Hara "quoted"',
  "نور",
  "\u{1F469}‍\u{1F3A8}",
  " spaces ",
];
