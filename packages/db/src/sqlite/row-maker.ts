import type { DriverValueDecoder, SQL } from "drizzle-orm";

import { Column, is, noopDecoder, SQL as SqlExpression, Subquery } from "../drizzle.ts";

/** A column of a result as Drizzle notes it: where in the row's object it goes, and what it is of. */
export type SelectedField = { path: readonly string[]; field: unknown };

type Row = Record<string, unknown>;
type Decoder = DriverValueDecoder<unknown, unknown>;
type Decode = (value: unknown) => unknown;

/** An object that is given more keys than this one by one is kept as a table of hashes: large, and slow to read. */
const MOST_KEYS_ONE_BY_ONE = 16;

/** Makes what turns the values of a row into its object, or null where a row has objects in it. */
export function rowMaker(fields: readonly SelectedField[]): ((values: readonly unknown[]) => Row) | null {
  const columns: { key: string; decode: Decode | null }[] = [];
  for (const { path, field } of fields) {
    const [key, ...inner] = path;
    if (key === undefined || inner.length > 0) return null;
    columns.push({ key, decode: decodeOf(field) });
  }
  const blank: Row = Object.fromEntries(columns.map(({ key }) => [key, null]));
  const isWide = columns.length > MOST_KEYS_ONE_BY_ONE;

  return (values) => {
    const row: Row = isWide ? { ...blank } : {};
    let index = 0;
    for (const { key, decode } of columns) {
      const value = values[index++];
      row[key] = value === null || decode === null ? value : decode(value);
    }
    return row;
  };
}

/** Null where the value is what it is in the database. */
function decodeOf(field: unknown): Decode | null {
  const decoder = decoderOf(field);
  const { mapFromDriverValue } = decoder;
  const isAsItIs = decoder === noopDecoder || mapFromDriverValue === Column.prototype.mapFromDriverValue;
  return isAsItIs ? null : (value) => decoder.mapFromDriverValue(value);
}

function decoderOf(field: unknown): Decoder {
  if (is(field, Column)) return field;
  if (is(field, SqlExpression)) return decoderIn(field);
  if (is(field, Subquery)) return decoderIn(field._.sql);
  return decoderIn((field as SQL.Aliased).sql);
}

/** Which Drizzle keeps to itself. */
function decoderIn(expression: SQL): Decoder {
  return (expression as unknown as { decoder: Decoder }).decoder;
}
